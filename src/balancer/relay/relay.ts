import type { OnReadOpts, Socket } from "node:net";
import { backlog } from "./backlog.ts";
import type { ClientHandler } from "./client-handler.ts";
import type { ClientSocket } from "./client-socket.ts";
import { reset } from "./reset.ts";
import {
  forgetLent,
  type GrownBuffers,
  type ResultReader,
  reusedReads,
  stopReading,
  takeLentBack,
} from "./reused-reads.ts";

/** A socket towards a backend knows its relay by a property: one set of listeners serves all, without closures. */
const RELAY = Symbol("relay");

export interface UpstreamSocket extends Socket {
  [RELAY]?: Relay;
}

/** Bytes delivered. */
export interface Traffic {
  bytesToClient: number;
  bytesToBackend: number;
}

/** Whom a relay works for. */
export interface RelayOwner {
  /** The counters of this connection, and of everything that goes to its backend. */
  readonly traffic: Traffic;
  readonly backendTraffic: Traffic;
  /** Why it ends, as HAProxy's two letters: the first cause counts. */
  note(termination: string, reason?: string): void;
  /** So many bytes wait for the client, which has not taken all; 0: it has. */
  unread(bytes: number): void;
  /** The client has sent FIN, or failed. */
  clientLeft(): void;
  /** One side has ended: the half-closed time-out counts from now on. */
  halfClosed(): void;
  /** The upstream connection is gone, whatever becomes of the client. */
  upstreamClosed(): void;
  /** Both are gone. */
  over(): void;
}

/** Two sockets and the bytes between them: back-pressure, half-close both ways, and who ended it. */
export class Relay implements ClientHandler, ResultReader {
  readonly client: ClientSocket;
  upstream: UpstreamSocket | undefined;
  /** Running time of the last byte in either direction. */
  lastActive: number;
  clientEnded = false;
  upstreamEnded = false;
  readonly buffers: GrownBuffers = { own: undefined, lent: undefined };
  #clientOpen = true;
  /** The upstream socket is being closed with RST. */
  #isReset = false;
  readonly #owner: RelayOwner;
  readonly #traffic: Traffic;
  readonly #backendTraffic: Traffic;
  readonly #clock: { readonly now: number };

  /**
   * @param upstream connected, without listeners: made with {@link upstreamReads}, or a plain stream
   * @param clock running time
   */
  constructor(
    client: ClientSocket,
    upstream: UpstreamSocket,
    owner: RelayOwner,
    clock: { readonly now: number },
  ) {
    this.client = client;
    this.upstream = upstream;
    this.#owner = owner;
    this.#traffic = owner.traffic;
    this.#backendTraffic = owner.backendTraffic;
    this.#clock = clock;
    this.lastActive = clock.now;
  }

  /**
   * Sends what the client has said so far, and relays from now on. The client's socket must have been handed to this
   * relay.
   * @param ended the client has sent FIN already
   * @param plain the upstream socket is a plain stream
   */
  start(head: readonly Buffer[], ended: boolean, plain: boolean): void {
    const { client, upstream } = this;
    if (upstream === undefined) return;
    this.clientEnded = ended;
    upstream[RELAY] = this;
    if (plain) upstream.on("data", onUpstreamData);
    upstream.on("end", onUpstreamEnd);
    upstream.on("error", onUpstreamError);
    upstream.on("close", onUpstreamClose);
    upstream.on("drain", onUpstreamDrain);
    for (const chunk of head) this.#toBackend(upstream, chunk);
    if (ended) upstream.end();
    else if (backlog(upstream) === 0 && client.isPaused()) client.resume();
  }

  /** One of the two sides has said its last. */
  get isHalfClosed(): boolean {
    return this.clientEnded || this.upstreamEnded || this.upstream === undefined;
  }

  /**
   * Ends both sides at once: FIN, or RST where bytes are left unread, or where FIN has been sent before and would not
   * be noticed.
   */
  cut(): void {
    this.client.destroy();
    const { upstream } = this;
    if (upstream?.writableEnded === true) this.#reset(upstream);
    else upstream?.destroy();
  }

  #reset(upstream: UpstreamSocket): void {
    this.#isReset = true;
    reset(upstream);
  }

  fromClient(chunk: Buffer): void {
    const { upstream } = this;
    this.lastActive = this.#clock.now;
    if (upstream !== undefined) this.#toBackend(upstream, chunk);
    // Nobody will ever answer: say so, once everything that the backend did say is on its way.
    else if (this.client.writableLength === 0) reset(this.client);
  }

  #toBackend(upstream: UpstreamSocket, chunk: Buffer): void {
    this.#traffic.bytesToBackend += chunk.length;
    this.#backendTraffic.bytesToBackend += chunk.length;
    if (!upstream.write(chunk) && backlog(upstream) > 0) this.client.pause();
  }

  get unsent(): number {
    return this.client.writableLength;
  }

  fromBackend(chunk: Buffer): boolean {
    const { client } = this;
    this.lastActive = this.#clock.now;
    this.#traffic.bytesToClient += chunk.length;
    this.#backendTraffic.bytesToClient += chunk.length;
    // write() answers false for any large chunk; only what stays behind in our memory is a reason to stop reading.
    const waits = client.write(chunk) ? 0 : backlog(client);
    if (waits === 0) return true;
    this.#owner.unread(waits);
    return false;
  }

  clientDrained(): void {
    this.lastActive = this.#clock.now;
    takeLentBack(this);
    this.#owner.unread(0);
    this.upstream?.resume();
  }

  clientEnd(): void {
    this.clientEnded = true;
    this.lastActive = this.#clock.now;
    this.#owner.clientLeft();
    if (this.upstream === undefined) return;
    this.upstream.end();
    this.#owner.halfClosed();
  }

  clientError(error: Error): void {
    this.#owner.note("CD", error.message);
    this.#owner.clientLeft();
  }

  clientClose(hadError: boolean): void {
    this.#clientOpen = false;
    forgetLent(this);
    const { upstream } = this;
    if (upstream === undefined) this.#owner.over();
    // A client that is gone can take nothing any more: tell the backend at once, and in the same way.
    else if (hadError && !this.#isReset) this.#reset(upstream);
    else if (!this.upstreamEnded && !this.#isReset) upstream.destroy();
  }

  upstreamEnd(): void {
    this.upstreamEnded = true;
    this.lastActive = this.#clock.now;
    this.client.end();
    this.#owner.halfClosed();
  }

  upstreamError(error: Error): void {
    this.#owner.note("SD", error.message);
  }

  upstreamDrained(): void {
    this.client.resume();
  }

  upstreamClose(hadError: boolean): void {
    this.upstream = undefined;
    stopReading(this);
    this.#owner.upstreamClosed();
    if (!this.#clientOpen) {
      this.#owner.over();
      return;
    }
    // What the backend said before it failed still reaches the client; then FIN.
    if (hadError && !this.upstreamEnded) {
      this.client.end();
      this.#owner.halfClosed();
    }
    this.client.resume();
  }
}

/** For sockets towards backends. */
export const upstreamReads: OnReadOpts = reusedReads((socket: UpstreamSocket) => socket[RELAY]);

function onUpstreamData(this: UpstreamSocket, chunk: Buffer): void {
  if (this[RELAY]?.fromBackend(chunk) === false) this.pause();
}

function onUpstreamEnd(this: UpstreamSocket): void {
  this[RELAY]?.upstreamEnd();
}

function onUpstreamError(this: UpstreamSocket, error: Error): void {
  this[RELAY]?.upstreamError(error);
}

function onUpstreamClose(this: UpstreamSocket, hadError: boolean): void {
  this[RELAY]?.upstreamClose(hadError);
}

function onUpstreamDrain(this: UpstreamSocket): void {
  this[RELAY]?.upstreamDrained();
}
