import type { MessageReader } from "../wire/sasl.ts";
import { Call, type CallHost, decide } from "./call.ts";
import { learn } from "./calls.ts";
import type { RoutedClient } from "./contract.ts";
import { Dispatcher, type DispatchHost } from "./dispatch.ts";
import { withoutCredentials } from "./last-resort.ts";
import type { Link } from "./link.ts";
import type { Links } from "./links.ts";
import type { RouterServices } from "./services.ts";

/** Routes the calls of one client connection, one after the other: takes them apart, sends them on, and learns from the replies. */
export class CallRouter implements DispatchHost {
  readonly #client: RoutedClient;
  readonly #services: RouterServices;
  readonly #links: Links;
  readonly #reader: MessageReader;
  readonly #host: CallHost;
  readonly #dispatcher: Dispatcher;
  #call: Call | undefined;
  /** Read from the client, but not looked at yet: a call or a reply has to be over first. */
  #kept: Buffer[] = [];
  #stopped = false;

  constructor(
    client: RoutedClient,
    services: RouterServices,
    links: Links,
    reader: MessageReader,
    host: CallHost,
  ) {
    this.#client = client;
    this.#services = services;
    this.#links = links;
    this.#reader = reader;
    this.#host = host;
    this.#dispatcher = new Dispatcher(client, services, links, this);
  }

  get idle(): boolean {
    return this.#call === undefined && this.#kept.length === 0;
  }

  /** A call has begun, but not all of it has come. */
  get unfinished(): boolean {
    return this.#call !== undefined && !this.#call.complete;
  }

  /** The backend whose reply is awaited. */
  get awaited(): string | undefined {
    return this.#call?.link?.backend;
  }

  get unsent(): number {
    return this.#client.socket.writableLength;
  }

  stop(): void {
    this.#stopped = true;
    this.#call?.ask?.stop();
    if (this.#call) this.#dispatcher.release(this.#call);
    this.#call = undefined;
    this.#kept = [];
  }

  fromClient(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#pump();
  }

  /** The client takes bytes again. */
  clientDrained(): void {
    this.#call?.link?.resume();
  }

  #pump(): void {
    while (!this.#stopped && !this.#blocked) {
      const chunk = this.#kept[0];
      if (chunk === undefined) break;
      const stopped = this.#reader.push(chunk, 0, chunk.length);
      if (this.#reader.fault !== undefined) {
        this.#notUnderstood(undefined, this.#reader.fault, this.#call?.start ?? chunk.subarray(0, 32));
        return;
      }
      if (stopped === chunk.length) this.#kept.shift();
      else this.#kept[0] = chunk.subarray(stopped);
      this.#read(stopped === chunk.length ? chunk : chunk.subarray(0, stopped));
    }
    const { socket } = this.#client;
    if (this.#stopped) return;
    if (this.#kept.length > 0) socket.pause();
    else if ((this.#call?.link?.socket.writableLength ?? 0) === 0) socket.resume();
  }

  get #blocked(): boolean {
    return this.#call !== undefined && (this.#call.complete || this.#call.routing);
  }

  /** One piece of a call. */
  #read(piece: Buffer): void {
    if (this.#call === undefined) {
      this.#call = new Call(piece);
      this.#services.counters.calls++;
    }
    const call = this.#call;
    call.complete = this.#reader.done;
    if (this.#reader.scanner.size > this.#services.maxCall) {
      this.#notUnderstood(undefined, "a call of impossible length", call.start);
      return;
    }
    if (call.link !== undefined) {
      this.#send(call.link, piece);
      return;
    }
    call.hold(piece);
    this.#services.hold(piece.length);
    const { scanner } = this.#reader;
    const { table, now } = this.#services;
    const route = decide(call, scanner, table, this.#services.mayHold, now());
    if (route === undefined) return;
    call.method = scanner.method;
    call.handles = scanner.handles;
    call.routing = true;
    this.#dispatcher.dispatch(call, route);
  }

  isPresent(call: Call): boolean {
    return this.#call === call;
  }

  finish(termination: string, reason: string): void {
    this.#host.finish(termination, reason);
  }

  answered(link: Link, held: readonly Buffer[]): void {
    const call = this.#call;
    if (call === undefined) return;
    call.ask = undefined;
    call.link = link;
    for (const chunk of held) this.#toClient(link, chunk);
    this.#client.count(link.backend, "to-backend", call.heldBytes);
    this.#unhold(call);
    if (link.reader.done) this.#ended(call, link);
  }

  refused(refusal: Buffer): void {
    if (this.#call === undefined) return;
    this.#client.socket.write(refusal);
    this.#over(this.#call);
  }

  /** Sends what is held of a call, and lets the rest follow. */
  go(call: Call, link: Link): void {
    if (this.#call !== call) return;
    call.routing = false;
    call.link = link;
    link.busy = true;
    link.lastUse = this.#services.running();
    link.reader.reset();
    for (const piece of call.held) this.#send(link, piece);
    this.#unhold(call);
    this.#pump();
  }

  #send(link: Link, piece: Buffer): void {
    this.#client.count(link.backend, "to-backend", piece.length);
    if (!link.send(piece)) this.#client.socket.pause();
  }

  #unhold(call: Call): void {
    this.#services.hold(-call.heldBytes);
    call.held = [];
    call.heldBytes = 0;
  }

  linkDrained(link: Link): void {
    if (this.#call?.link === link) this.#pump();
  }

  linkBytes(link: Link, chunk: Buffer): boolean {
    this.#host.heard();
    const call = this.#call;
    if (call?.ask?.has(link)) {
      call.ask.bytes(link, chunk);
      return true;
    }
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
    return this.unsent === 0;
  }

  #toClient(link: Link, chunk: Buffer): void {
    this.#client.socket.write(chunk);
    this.#client.count(link.backend, "to-client", chunk.length);
  }

  /** The reply is complete. */
  #ended(call: Call, link: Link): void {
    if (!call.complete) {
      this.#notUnderstood(link.backend, "a reply before the call was complete", Buffer.alloc(0));
      return;
    }
    const { table, now, counters } = this.#services;
    link.busy = false;
    link.lastUse = this.#services.running();
    learn(table, call, link.reader.scanner, link.backend, now());
    if (call.reserved !== undefined) {
      counters.sessionsOpened++;
      link.guest = false;
    }
    this.#services.tableChanged();
    if (this.#services.isWanted(link.backend)) this.#links.release(link);
    this.#over(call);
  }

  #over(call: Call): void {
    this.#dispatcher.release(call);
    this.#unhold(call);
    this.#call = undefined;
    this.#reader.reset();
    if (this.#kept.length === 0) this.#host.betweenCalls();
    if (!this.#stopped) this.#pump();
  }

  linkEnded(link: Link, error: Error | undefined): void {
    this.#links.remove(link);
    const call = this.#call;
    if (call?.ask?.has(link)) call.ask.ended(link);
    else if (call?.link === link) {
      // Nobody can say whether the call has been carried out: the client has to know at once, and decides.
      const why = error === undefined ? "closed its connection" : error.message;
      this.#host.finish("SD", `${link.backend} ${why} during a call`);
    }
  }

  #notUnderstood(backend: string | undefined, reason: string, bytes: Buffer): void {
    this.#services.counters.notUnderstood++;
    const hex = withoutCredentials(bytes).toString("hex");
    this.#services.onEvent({ type: "not-understood", source: this.#client.source, backend, reason, hex });
    this.#host.finish("PD", `${backend ?? "the client"}: ${reason}`);
  }
}
