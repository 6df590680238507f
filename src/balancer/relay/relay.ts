import type { OnReadOpts, Socket } from "node:net";
import type { Timed, TimerWheel } from "../time/timer-wheel.ts";
import { lobby } from "./buffers.ts";
import type { ClientHandler } from "./client-handler.ts";
import { type ResultReader, reusedReads, takeLentBack } from "./reused-reads.ts";

/** A socket knows its relay by a property, so that one set of handlers serves every connection and none needs a closure. */
export const RELAY = Symbol("relay");
export interface RelayedSocket extends Socket {
  [RELAY]?: Relay;
}

/**
 * Two sockets and the bytes between them: back-pressure, half-close both ways, and who ended it. What happens before there is
 * an upstream socket, and the bookkeeping, is the subclass's.
 */
export abstract class Relay implements Timed, ClientHandler, ResultReader {
  readonly client: RelayedSocket;
  upstream: RelayedSocket | undefined = undefined;
  readonly wheel: TimerWheel;
  bucket: Set<Timed> | undefined = undefined;
  /** Running time of the last byte in either direction. */
  lastActive: number;
  bytesToClient = 0;
  bytesToBackend = 0;
  clientEnded = false;
  upstreamEnded = false;
  clientOpen = true;
  /** An upstream connection was there and is gone. */
  upstreamGone = false;
  /** HAProxy's two letters, from the first thing that ended the connection. */
  termination: string | undefined = undefined;
  reason: string | undefined = undefined;
  lent: Buffer | undefined = undefined;

  constructor(client: RelayedSocket, wheel: TimerWheel) {
    this.client = client;
    this.wheel = wheel;
    this.lastActive = wheel.now;
    client[RELAY] = this;
  }

  abstract due(now: number): number | undefined;
  /** A byte count for the backend's counters. */
  protected abstract count(toClient: number, toBackend: number): void;
  /** Bytes from the client while there is no upstream connection. */
  protected abstract early(chunk: Buffer): void;
  /** The client has sent FIN while there is no upstream connection. */
  protected abstract earlyEnd(): void;
  /** One side has ended: the half-closed time-out counts from now on. */
  protected abstract halfClosed(): void;
  /** The upstream connection is gone, whatever becomes of the client. */
  protected abstract upstreamClosed(): void;
  /** Both are gone. */
  protected abstract over(): void;
  /** The second letter of the termination code now. */
  abstract get phase(): string;

  /** Keeps the first cause. */
  note(termination: string, reason?: string): void {
    if (this.termination !== undefined) return;
    this.termination = termination;
    this.reason = reason;
  }

  /** Listens to the client; a plain stream begins to be read, one made with {@link clientReads} is being read already. */
  attachClient(plain: boolean): void {
    const { client } = this;
    if (plain) client.on("data", onClientData);
    client.on("end", onClientEnd);
    client.on("error", onClientError);
    client.on("close", onClientClose);
    client.on("drain", onClientDrain);
  }

  /** Joins the upstream socket (made with {@link upstreamReads}, or a plain stream), sending what the client said so far. */
  attachUpstream(upstream: RelayedSocket, head: readonly Buffer[], plain: boolean): void {
    this.upstream = upstream;
    upstream[RELAY] = this;
    if (plain) upstream.on("data", onUpstreamData);
    upstream.on("end", onUpstreamEnd);
    upstream.on("error", onUpstreamError);
    upstream.on("close", onUpstreamClose);
    upstream.on("drain", onUpstreamDrain);
    for (const chunk of head) this.#toBackend(upstream, chunk);
    if (this.clientEnded) upstream.end();
    else if (upstream.writableLength === 0 && this.client.isPaused()) this.client.resume();
  }

  /** Ends both sides at once: FIN, or RST where bytes are left unread, or where FIN has been sent before and would not be noticed. */
  cut(): void {
    this.client.destroy();
    if (this.upstream?.writableEnded === true) this.upstream.resetAndDestroy();
    else this.upstream?.destroy();
  }

  fromClient(chunk: Buffer): void {
    const { upstream } = this;
    this.lastActive = this.wheel.now;
    if (upstream !== undefined) this.#toBackend(upstream, chunk);
    else if (!this.upstreamGone) this.early(chunk);
    // Nobody will ever answer: say so, once everything that the backend did say is on its way.
    else if (this.client.writableLength === 0) this.client.resetAndDestroy();
  }

  #toBackend(upstream: RelayedSocket, chunk: Buffer): void {
    this.bytesToBackend += chunk.length;
    this.count(0, chunk.length);
    if (!upstream.write(chunk) && upstream.writableLength > 0) this.client.pause();
  }

  /** One read from the client into the shared buffer: calls are small, so their bytes are always copied out. */
  readClient(length: number, buffer: Buffer): void {
    const chunk = Buffer.allocUnsafe(length);
    buffer.copy(chunk, 0, 0, length);
    this.fromClient(chunk);
  }

  get unsent(): number {
    return this.client.writableLength;
  }

  fromBackend(chunk: Buffer): boolean {
    const { client } = this;
    this.lastActive = this.wheel.now;
    this.bytesToClient += chunk.length;
    this.count(chunk.length, 0);
    // write() answers false for any large chunk; only what stays behind in our memory is a reason to stop reading.
    return client.write(chunk) || client.writableLength === 0;
  }

  clientDrained(): void {
    this.lastActive = this.wheel.now;
    takeLentBack(this);
    this.upstream?.resume();
  }

  clientEnd(): void {
    this.clientEnded = true;
    this.lastActive = this.wheel.now;
    if (this.upstream !== undefined) {
      this.upstream.end();
      this.halfClosed();
    } else if (!this.upstreamGone) this.earlyEnd();
  }

  upstreamEnd(): void {
    this.upstreamEnded = true;
    this.lastActive = this.wheel.now;
    this.client.end();
    this.halfClosed();
  }

  clientError(error: Error): void {
    this.note(`C${this.phase}`, error.message);
  }

  clientClose(hadError: boolean): void {
    this.clientOpen = false;
    const { upstream } = this;
    if (upstream === undefined) this.over();
    // A client that is gone can take nothing any more: tell the backend at once, and in the same way.
    else if (hadError) upstream.resetAndDestroy();
    else if (!this.upstreamEnded) upstream.destroy();
  }

  upstreamClose(hadError: boolean): void {
    this.upstream = undefined;
    this.upstreamGone = true;
    this.upstreamClosed();
    if (!this.clientOpen) {
      this.over();
      return;
    }
    // What the backend said before it failed still reaches the client; then FIN.
    if (hadError && !this.upstreamEnded) {
      this.client.end();
      this.client.resume();
      this.halfClosed();
    } else this.client.resume();
  }
}

/** For accepted sockets: what clients say is small, so all of them read into the one shared buffer. */
export const clientReads: OnReadOpts = {
  buffer: lobby,
  callback: function (this: RelayedSocket, length: number, buffer: Uint8Array): boolean {
    this[RELAY]?.readClient(length, buffer as Buffer);
    return true;
  } as OnReadOpts["callback"],
};

/** For sockets towards backends. */
export const upstreamReads: OnReadOpts = reusedReads((socket: RelayedSocket) => socket[RELAY]);

function onClientData(this: RelayedSocket, chunk: Buffer): void {
  this[RELAY]?.fromClient(chunk);
}

function onClientEnd(this: RelayedSocket): void {
  this[RELAY]?.clientEnd();
}

function onClientError(this: RelayedSocket, error: Error): void {
  this[RELAY]?.clientError(error);
}

function onClientClose(this: RelayedSocket, hadError: boolean): void {
  this[RELAY]?.clientClose(hadError);
}

function onClientDrain(this: RelayedSocket): void {
  this[RELAY]?.clientDrained();
}

function onUpstreamData(this: RelayedSocket, chunk: Buffer): void {
  if (this[RELAY]?.fromBackend(chunk) === false) this.pause();
}

function onUpstreamEnd(this: RelayedSocket): void {
  this[RELAY]?.upstreamEnd();
}

function onUpstreamError(this: RelayedSocket, error: Error): void {
  this[RELAY]?.note("SD", error.message);
}

function onUpstreamClose(this: RelayedSocket, hadError: boolean): void {
  this[RELAY]?.upstreamClose(hadError);
}

function onUpstreamDrain(this: RelayedSocket): void {
  this[RELAY]?.client.resume();
}
