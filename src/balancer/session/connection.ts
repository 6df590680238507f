import { messageOf } from "../../domain/failure.ts";
import type { SecurityLayer } from "../gssapi/layer.ts";
import type { ClientHandler } from "../relay/client-handler.ts";
import type { WholeService } from "../wire/hiveserver2/services.ts";
import { Calls, type CallsOwner } from "./calls/calls.ts";
import { Whole } from "./calls/whole.ts";
import type { RoutedClient } from "./contract.ts";
import type { Link, LinkLogin } from "./links/link.ts";
import { Links } from "./links/links.ts";
import type { SessionLoad } from "./load/session-load.ts";
import type { RouterParts } from "./parts.ts";
import type { Phase } from "./phase.ts";
import { Recognition, type RecognitionOwner } from "./recognition.ts";
import type { Timeouts } from "./timeouts.ts";
import type { LoginOwner, Routing, Transport } from "./transports/transport.ts";

/**
 * Milliseconds after which a link is closed on which no session was opened: Hue's pool would otherwise hold one to
 * every backend.
 */
const UNUSED_LINK = 300_000;

/** Bytes of what is not understood that the log shows. */
const TOLD_BYTES = 32;

/**
 * One client connection while the router has it: from its first byte to its end, or until it is given back to be
 * relayed.
 */
export class RoutedConnection implements ClientHandler, RecognitionOwner, LoginOwner, CallsOwner {
  readonly client: RoutedClient;
  readonly links: Links;
  readonly #parts: RouterParts;
  readonly #onOver: () => void;
  #phase: Phase;
  #routing: Routing | undefined;
  #transport = "unknown";
  /** What protects the bytes of the client's connection. */
  #layer: SecurityLayer | undefined;
  #over = false;
  #clientEnded = false;
  #retiring = false;
  /** Running time (milliseconds) of the last bytes from the client, and of the last from a backend. */
  #clientActive: number;
  #backendActive: number;

  /** @param onOver the connection is no longer the router's */
  constructor(client: RoutedClient, parts: RouterParts, onOver: () => void) {
    this.client = client;
    this.links = new Links(client, parts.slots);
    this.#parts = parts;
    this.#onOver = onOver;
    this.#clientActive = parts.clock.running;
    this.#backendActive = this.#clientActive;
    this.#phase = new Recognition(this);
  }

  get load(): SessionLoad {
    return this.#parts.load;
  }

  fromClient(chunk: Buffer): void {
    this.#clientActive = this.#parts.clock.running;
    if (this.#over) return;
    const opened = this.#layer === undefined ? chunk : this.#open(this.#layer, chunk);
    if (opened !== undefined && opened.length > 0) this.#phase.fromClient(opened);
  }

  /** What the client has protected; undefined: it is not, or not in order, and the connection has ended. */
  #open(layer: SecurityLayer, chunk: Buffer): Buffer | undefined {
    try {
      return layer.open(chunk);
    } catch (error) {
      const reason = messageOf(error);
      const hex = chunk.subarray(0, TOLD_BYTES).toString("hex");
      const { source } = this.client;
      this.#parts.counters.tell({ type: "not-understood", source, backend: undefined, reason, hex });
      this.finish("PD", `the client: ${reason}`);
      return undefined;
    }
  }

  clientEnd(): void {
    if (this.#over) return;
    this.#clientEnded = true;
    const { state } = this.#phase;
    if (state === "idle") this.finish("--");
    else if (state === "unfinished") this.finish("CD", "the client left in mid-call");
    else this.#phase.clientEnd?.();
  }

  clientError(error: Error): void {
    this.finish("CD", error.message);
  }

  clientClose(): void {
    this.finish("CD", "the client left");
  }

  clientDrained(): void {
    if (!this.#over) this.#phase.clientDrained();
  }

  recognised(transport: Transport, head: Buffer): void {
    const refusal = this.client.speaks?.(transport.name);
    if (refusal !== undefined) {
      this.finish("PC", refusal);
      return;
    }
    const { kerberos } = this.#parts.settings;
    const routing = transport.routing ?? (kerberos && transport.routingWith?.(kerberos));
    this.#transport = transport.name;
    if (routing === undefined) {
      this.giveBack(head);
      return;
    }
    this.#routing = routing;
    this.links.framing = routing.framing;
    this.#enter(routing.login?.(this) ?? new Calls(this, this.#parts, routing.framing.reader()));
    if (!this.#over) this.#phase.fromClient(head);
  }

  giveBack(head: Buffer, note?: string): void {
    const event = { type: "fallback", source: this.client.source, transport: this.#transport } as const;
    this.#leave();
    this.#parts.counters.tell(note === undefined ? event : { ...event, note });
    this.client.fallBack(head, this.#transport);
  }

  loginRefused(reason: string): void {
    this.#parts.counters.tell({ type: "login-refused", source: this.client.source, reason });
  }

  loginFailed(backend: string, reason: string): void {
    this.#parts.counters.tell({ type: "login-failed", source: this.client.source, backend, reason });
  }

  toClient(chunk: Buffer): void {
    if (this.#layer === undefined) {
      this.client.socket.write(chunk);
      return;
    }
    try {
      const sealed = this.#layer.seal(chunk);
      if (sealed.length > 0) this.client.socket.write(sealed);
    } catch (error) {
      // Not before its phase is done with this chunk.
      setImmediate(() => this.finish("SD", `the client's protection has ended: ${messageOf(error)}`));
    }
  }

  loggedIn(login: LinkLogin, link?: Link, layer?: SecurityLayer): void {
    if (this.#routing === undefined) return;
    this.#layer = layer;
    const calls = new Calls(this, this.#parts, this.#routing.framing.reader());
    this.links.useLogin(login);
    if (link !== undefined) link.user = calls;
    this.#enter(calls);
    this.betweenCalls();
  }

  notBySession(service: WholeService, link: Link, said: readonly Buffer[]): void {
    const { source } = this.client;
    this.#parts.counters.tell({ type: "whole", source, backend: link.backend, service });
    const whole = new Whole(this, this.#parts, link);
    this.#enter(whole);
    whole.start(said);
    if (this.#clientEnded) whole.clientEnd();
  }

  #enter(phase: Phase): void {
    if (this.#over) phase.stop();
    else this.#phase = phase;
  }

  heard(): void {
    this.#backendActive = this.#parts.clock.running;
  }

  /** Ends the connection between two calls: at once if it is idle, else after the reply. */
  retire(): void {
    this.#retiring = true;
    if (this.#phase.state !== "idle") return;
    // What the kernel has already received is read in the next turn of the event loop; only then is it known to be
    // idle.
    setImmediate(() =>
      setImmediate(() => {
        if (this.#phase.state === "idle") this.finish("--", "the balancer stops");
      }),
    );
  }

  betweenCalls(): void {
    if (this.#clientEnded) this.finish("--");
    else if (this.#retiring) this.finish("--", "the balancer stops");
  }

  /** Time-outs. */
  tick(timeouts: Timeouts): void {
    const { running } = this.#parts.clock;
    const silence = running - this.#clientActive;
    this.links.closeUnused(running - UNUSED_LINK);
    const quiet = Math.min(silence, running - this.#backendActive);
    this.#phase.tick(silence / 1000, quiet / 1000, timeouts);
  }

  /** Ends the client connection: what has been written is still delivered, unless the client is gone. */
  finish(termination: string, reason?: string): void {
    if (this.#over) return;
    this.#leave();
    const { socket } = this.client;
    if (socket.destroyed || termination !== "--") {
      this.client.end(termination, reason);
      return;
    }
    const end = () => this.client.end(termination, reason);
    socket.resume();
    if (socket.writableFinished) end();
    else socket.end(end);
  }

  #leave(): void {
    this.#over = true;
    this.#phase.stop();
    this.links.close();
    this.#layer?.release();
    this.#layer = undefined;
    this.#onOver();
  }
}
