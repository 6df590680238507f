import { backlog } from "../../relay/backlog.ts";
import { notMine } from "../../wire/hiveserver2/refusals.ts";
import type { WholeService } from "../../wire/hiveserver2/services.ts";
import type { MessageReader } from "../../wire/message-reader.ts";
import { withoutCredentials } from "../../wire/sasl/negotiation.ts";
import type { Link, LinkUser } from "../links/link.ts";
import type { Links } from "../links/links.ts";
import type { RouterParts } from "../parts.ts";
import type { Phase, PhaseOwner } from "../phase.ts";
import type { Timeouts } from "../timeouts.ts";
import { Call } from "./call.ts";
import { Dispatcher, type DispatcherParts, type NoRoute } from "./dispatcher.ts";
import { learn, rememberGone } from "./learn.ts";
import { decide, type Route } from "./route.ts";

/** A connection whose calls are routed. */
export interface CallsOwner extends PhaseOwner {
  readonly links: Links;
  /** What the client has said so far, and all that follows, goes over this link. */
  notBySession(service: WholeService, link: Link, said: readonly Buffer[]): void;
  /** A reply is complete, and nothing further has been read. */
  betweenCalls(): void;
}

type CallsParts = DispatcherParts &
  Pick<RouterParts, "table" | "gone" | "clock" | "outages" | "budget" | "slots" | "counters">;

/**
 * The calls of one client connection, one after the other: takes them apart, sends them on, and learns from the
 * replies.
 */
export class Calls implements Phase, LinkUser {
  readonly #connection: CallsOwner;
  readonly #parts: CallsParts;
  readonly #reader: MessageReader;
  readonly #dispatcher: Dispatcher;
  #call: Call | undefined;
  /** Read from the client, but not looked at yet: a call or a reply has to be over first. */
  #kept: Buffer[] = [];
  #stopped = false;
  /** Its service is one whose sessions are understood. */
  #understood = false;

  /** @param reader how the client's messages are framed */
  constructor(connection: CallsOwner, parts: CallsParts, reader: MessageReader) {
    this.#connection = connection;
    this.#parts = parts;
    this.#reader = reader;
    this.#dispatcher = new Dispatcher(connection.client, parts, connection.links, this);
  }

  get state(): Phase["state"] {
    if (this.#call === undefined) return this.#kept.length === 0 ? "idle" : "answering";
    // A client that is not listened to, because an owner is looked for or is slow to take a call, cannot go on.
    const held = this.#kept.length > 0 || this.#connection.client.socket.isPaused();
    return this.#call.complete || held ? "answering" : "unfinished";
  }

  stop(): void {
    this.#stopped = true;
    if (this.#call) this.#close(this.#call);
    this.#kept = [];
  }

  tick(silence: number, quiet: number, timeouts: Timeouts): void {
    const { state } = this;
    if (state === "unfinished") {
      if (silence > timeouts.unfinished) this.#connection.finish("cD", "the call was not completed");
    } else if (state === "idle") {
      if (quiet > timeouts.client) this.#connection.finish("cD", "idle");
    } else this.#tickReply(quiet, timeouts);
  }

  /** A reply is awaited. */
  #tickReply(quiet: number, timeouts: Timeouts): void {
    this.#dispatcher.tick();
    const backend = this.#call?.link?.backend;
    if (quiet > timeouts.server) this.#connection.finish("sD", `no answer within ${timeouts.server} s`);
    // A frozen backend says nothing for ever: the client must not wait with it, nor keep its connection from other
    // users.
    else if (
      backend !== undefined &&
      Math.min(quiet, this.#parts.outages.duration(backend)) > timeouts.lost
    ) {
      this.#connection.finish("DD", `${backend} is down and has not answered a call`);
    }
  }

  fromClient(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#pump();
  }

  clientDrained(): void {
    this.#call?.link?.resume();
  }

  #pump(): void {
    while (!this.#stopped && !this.#blocked) {
      const chunk = this.#kept[0];
      if (chunk === undefined) break;
      const stopped = this.#reader.push(chunk, 0, chunk.length);
      if (this.#reader.fault !== undefined) {
        if (this.#speaksOther()) this.#giveUp();
        else this.#notUnderstood(undefined, this.#reader.fault, this.#call?.start ?? chunk.subarray(0, 32));
        return;
      }
      if (stopped === chunk.length) this.#kept.shift();
      else this.#kept[0] = chunk.subarray(stopped);
      this.#read(stopped === chunk.length ? chunk : chunk.subarray(0, stopped));
    }
    const { socket } = this.#connection.client;
    if (this.#stopped) return;
    if (this.#kept.length > 0) socket.pause();
    else if (this.#call?.link?.takes !== false) socket.resume();
  }

  /** It has logged in, and then begun to say something that is no Thrift, or an older one. */
  #speaksOther(): boolean {
    const routed = this.#call !== undefined && (this.#call.routing || this.#call.link !== undefined);
    return !this.#understood && !routed && this.#connection.links.loggedIn;
  }

  #giveUp(): void {
    const call = this.#call ?? new Call(Buffer.alloc(0));
    this.#call = call;
    this.#take(call, { kind: "whole", service: "other-service" });
  }

  get #blocked(): boolean {
    return this.#call !== undefined && (this.#call.complete || this.#call.routing);
  }

  /** One piece of a call. */
  #read(piece: Buffer): void {
    const { clock, budget, counters } = this.#parts;
    if (this.#call === undefined) {
      this.#call = new Call(piece);
      counters.calls++;
    }
    const call = this.#call;
    const { scanner } = this.#reader;
    call.complete = this.#reader.done;
    if (scanner.size > budget.longestCall) {
      this.#notUnderstood(undefined, "a call of impossible length", call.start);
      return;
    }
    if (call.link !== undefined) {
      this.#send(call.link, piece);
      return;
    }
    call.hold(piece);
    budget.hold(piece.length);
    const route = decide(call, scanner, this.#parts, this.#understood, clock.now());
    if (route === undefined) return;
    call.method = scanner.method;
    call.handles = scanner.handles;
    this.#take(call, route);
  }

  /** Brings a call to where it goes. */
  #take(call: Call, route: Route): void {
    if (route.kind === "whole") call.whole = route.service;
    else this.#understood = true;
    call.routing = true;
    const link = this.#dispatcher.linkFor(call, route);
    if (!(link instanceof Promise)) {
      this.#go(call, link);
      return;
    }
    link.then(
      (made) => this.#go(call, made),
      ({ termination, message }: NoRoute) => {
        if (!call.over) this.#connection.finish(termination, message);
      },
    );
  }

  /** Sends what is held of a call, and lets the rest follow. */
  #go(call: Call, link: Link): void {
    if (call.over) return;
    if (call.whole !== undefined) {
      this.#giveAway(call, call.whole, link);
      return;
    }
    call.routing = false;
    call.link = link;
    link.busy = true;
    link.lastUse = this.#parts.clock.running;
    link.reader.reset();
    for (const piece of call.held) this.#send(link, piece);
    this.#unhold(call);
    this.#pump();
  }

  /** The connection is no longer taken apart. */
  #giveAway(call: Call, service: WholeService, link: Link): void {
    const said = [...call.held, ...this.#kept];
    this.stop();
    this.#connection.notBySession(service, link, said);
  }

  #send(link: Link, piece: Buffer): void {
    const { client } = this.#connection;
    client.count(link.backend, "to-backend", piece.length);
    if (!link.send(piece)) client.socket.pause();
  }

  #unhold(call: Call): void {
    this.#parts.budget.hold(-call.heldBytes);
    call.held = [];
    call.heldBytes = 0;
  }

  linkDrained(link: Link): void {
    if (this.#call?.link === link) this.#pump();
  }

  linkBytes(link: Link, chunk: Buffer): boolean {
    this.#connection.heard();
    const call = this.#call;
    if (call?.link !== link) {
      this.#notUnderstood(link.backend, "bytes that nobody asked for", chunk.subarray(0, 32));
      return false;
    }
    const stopped = link.reader.push(chunk, 0, chunk.length);
    if (stopped > 0) this.#toClient(link, stopped === chunk.length ? chunk : chunk.subarray(0, stopped));
    if (link.reader.fault !== undefined || stopped < chunk.length) {
      const reason = link.reader.fault ?? "bytes after the reply";
      this.#notUnderstood(link.backend, reason, chunk.subarray(stopped, stopped + 32));
      return false;
    }
    if (link.reader.done) this.#ended(call, link);
    // write() answers false for any large chunk; only what stays behind in our memory is a reason to stop reading.
    return backlog(this.#connection.client.socket) === 0;
  }

  #toClient(link: Link, chunk: Buffer): void {
    const { client } = this.#connection;
    this.#connection.toClient(chunk);
    client.count(link.backend, "to-client", chunk.length);
  }

  /** The reply is complete. */
  #ended(call: Call, link: Link): void {
    if (!call.complete) {
      this.#notUnderstood(link.backend, "a reply before the call was complete", Buffer.alloc(0));
      return;
    }
    const { table, gone, clock, counters, slots } = this.#parts;
    link.busy = false;
    link.lastUse = clock.running;
    const [named] = call.handles;
    const known = !notMine(link.reader.scanner);
    rememberGone(gone, table, call, known, link.backend, clock.now());
    learn(table, call, link.reader.scanner, link.backend, clock.now());
    if (call.reserved !== undefined) {
      counters.sessionsOpened++;
      link.owns(link.reader.scanner.handles[0]);
      if (link.reader.scanner.keepsSessions) slots.keepers.said(link.backend);
    } else if (named !== undefined && link.role === "unused" && known) {
      link.role = "guest";
    }
    if (named !== undefined) slots.keepers.answered(named, link.backend, known);
    slots.betweenCalls(link, this.#connection.links);
    this.#over(call);
  }

  #over(call: Call): void {
    this.#close(call);
    this.#reader.reset();
    if (this.#kept.length === 0) this.#connection.betweenCalls();
    if (!this.#stopped) this.#pump();
  }

  /** Gives back all that the call holds. */
  #close(call: Call): void {
    call.over = true;
    this.#dispatcher.release(call);
    this.#unhold(call);
    this.#call = undefined;
  }

  linkEnded(link: Link, error: Error | undefined): void {
    this.#connection.links.remove(link);
    if (this.#call?.link !== link) return;
    // Nobody can say whether the call has been carried out: the client has to know at once, and decides.
    const why = error === undefined ? "closed its connection" : error.message;
    this.#connection.finish("SD", `${link.backend} ${why} during a call`);
  }

  #notUnderstood(backend: string | undefined, reason: string, bytes: Buffer): void {
    const { source } = this.#connection.client;
    const hex = withoutCredentials(bytes).toString("hex");
    this.#parts.counters.tell({ type: "not-understood", source, backend, reason, hex });
    this.#connection.finish("PD", `${backend ?? "the client"}: ${reason}`);
  }
}
