import type { Backend } from "../../backends/backend.ts";
import { Relay, type RelayOwner, type Traffic, type UpstreamSocket } from "../../relay/relay.ts";
import type { Connection } from "../connection.ts";
import type { Phase } from "./phase.ts";

/** A connection that has its backend: the relay moves the bytes, here are its time-outs and its slot. */
export class Relaying implements Phase, RelayOwner {
  readonly name = "relaying";
  readonly letter = "D";
  readonly handler: Relay;
  readonly traffic: Traffic;
  readonly backendTraffic: Traffic;
  readonly #connection: Connection;
  readonly #backend: Backend;
  #hasSlot = true;
  #countedHalfClosed = false;

  /** Takes over the slot of the backend that the connection holds. */
  constructor(connection: Connection, backend: Backend, upstream: UpstreamSocket) {
    this.#connection = connection;
    this.#backend = backend;
    this.traffic = connection;
    this.backendTraffic = backend;
    this.handler = new Relay(connection.client, upstream, this, connection.listener.shared.wheel);
  }

  /** @param ended the client has sent FIN after `head` */
  start(head: readonly Buffer[], ended: boolean): void {
    this.#connection.enter(this);
    this.handler.start(head, ended, this.#connection.listener.shared.plain);
    if (ended) this.#countHalfClosed();
    this.#connection.schedule(this.#patience);
  }

  due(now: number): number | undefined {
    const relay = this.handler;
    const connection = this.#connection;
    const { timeouts } = connection.listener.spec;
    const at = relay.lastActive + this.#patience * 1000;
    if (at > now) return at;
    if (relay.isHalfClosed) {
      connection.end(relay.clientEnded ? "sD" : "cD", `half-closed for ${timeouts.halfClosed} s`);
    } else {
      connection.end(timeouts.client <= timeouts.server ? "cD" : "sD", "idle");
    }
    return undefined;
  }

  /** Seconds of silence that the connection may keep. */
  get #patience(): number {
    const { halfClosed, client, server } = this.#connection.listener.spec.timeouts;
    return this.handler.isHalfClosed ? halfClosed : Math.min(client, server);
  }

  note(termination: string, reason?: string): void {
    this.#connection.note(termination, reason);
  }

  unread(bytes: number): void {
    this.#connection.unread(bytes);
  }

  clientLeft(): void {
    this.#connection.clientLeft();
  }

  halfClosed(): void {
    this.#countHalfClosed();
    this.#connection.schedule(this.#patience);
  }

  upstreamClosed(): void {
    this.#giveSlot();
  }

  over(): void {
    this.#connection.over();
  }

  cut(): void {
    this.handler.cut();
  }

  leave(): void {
    this.#giveSlot();
  }

  /** Its end is near: no reason any more to spare the backend. */
  #countHalfClosed(): void {
    if (this.#countedHalfClosed || !this.#hasSlot) return;
    this.#countedHalfClosed = true;
    this.#backend.halfClosed++;
  }

  #giveSlot(): void {
    if (!this.#hasSlot) return;
    this.#hasSlot = false;
    if (this.#countedHalfClosed) this.#backend.halfClosed--;
    this.#connection.listener.group.release(this.#backend);
  }
}
