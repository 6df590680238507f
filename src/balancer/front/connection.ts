import type { Socket } from "node:net";
import type { Backend } from "../backends/backend.ts";
import { type ClientSocket, forget, handTo, listenTo } from "../relay/client-socket.ts";
import { layOver } from "../relay/reset.ts";
import type { Timed } from "../time/timer-wheel.ts";
import type { ConnectionView, ListenerContext } from "./context.ts";
import type { Phase } from "./phases/phase.ts";

/** One client connection, from accept to its log line: what is known of it, and the phase that it is in. */
export class Connection implements ConnectionView, Timed {
  readonly listener: ListenerContext;
  /** What the client's bytes come from and go to: the accepted socket, or the TLS socket over it. */
  client: ClientSocket;
  /** The client's address: a proxy's own until it has said whom it speaks for. */
  source: string;
  port: number;
  readonly acceptedAt = Date.now();
  readonly began: number;
  backend: Backend | undefined = undefined;
  queueTime = -1;
  connectTime = -1;
  retries = 0;
  redispatched = false;
  sticks = false;
  counted = false;
  hasPlace = true;
  /** It is not known that no password is in what the client sends. */
  carriesPassword = true;
  /** The client speaks TLS with the backend itself. */
  speaksThrough = false;
  backendQueue = 0;
  listenerQueue = 0;
  bytesToClient = 0;
  bytesToBackend = 0;
  termination: string | undefined = undefined;
  reason: string | undefined = undefined;
  bucket: Set<Timed> | undefined = undefined;
  #phase: Phase | undefined = undefined;

  /** @param plain the client's socket is a plain stream, not one that reads into reused buffers */
  constructor(listener: ListenerContext, client: ClientSocket, source: string, plain: boolean) {
    this.listener = listener;
    this.client = client;
    this.source = source;
    this.port = client.remotePort ?? 0;
    this.began = listener.shared.clock();
    listenTo(client, plain);
  }

  /** The next phase begins: it is told from now on what the client says. */
  enter(phase: Phase): void {
    this.#phase = phase;
    handTo(this.client, phase.handler);
  }

  /** The accepted socket is TLS's from now on; {@link secured} follows, or the end. */
  handOver(): Socket {
    forget(this.client);
    return this.client;
  }

  /** TLS is established: the client speaks through this socket. */
  secured(socket: Socket): void {
    layOver(socket, this.client);
    this.client = socket;
    listenTo(this.client, true);
  }

  /** Calls the phase's `due` in so many seconds, unless it is put off. */
  schedule(seconds: number): void {
    const { wheel } = this.listener.shared;
    wheel.schedule(this, wheel.now + seconds * 1000);
  }

  unschedule(): void {
    this.listener.shared.wheel.cancel(this);
  }

  due(now: number): number | undefined {
    return this.#phase?.due(now);
  }

  relays(backend: Backend): boolean {
    return this.#phase?.name === "relaying" && this.backend === backend;
  }

  /** Keeps the first cause. */
  note(termination: string, reason?: string): void {
    if (this.termination !== undefined) return;
    this.termination = termination;
    this.reason = reason;
  }

  end(termination: string, reason?: string): void {
    this.note(termination, reason);
    this.cut();
  }

  /** The client has sent FIN, or failed: its place is free, though it may still be answered. */
  clientLeft(): void {
    this.listener.clientLeft(this);
  }

  /** So many bytes wait for the client, which has not taken all; 0: it has. */
  unread(bytes: number): void {
    const { unread } = this.listener.shared;
    if (bytes > 0) unread.hold(this, bytes);
    else unread.release(this);
  }

  /** Closes what is open; the cause is known. */
  cut(): void {
    this.unread(0);
    this.listener.placeFreed(this);
    if (this.#phase === undefined) this.client.destroy();
    else this.#phase.cut();
  }

  /** The last of its sockets has closed. */
  over(): void {
    this.#phase?.leave();
    this.unread(0);
    this.unschedule();
    this.listener.ended(this);
  }
}
