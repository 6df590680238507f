import type { OnReadOpts, Socket } from "node:net";
import type { Backend } from "../backends/backend.ts";
import type { UpstreamFault } from "../backends/connect/attempt.ts";
import type { Resolver } from "../backends/connect/resolver.ts";
import type { Choice } from "../backends/pool/pool.ts";
import type { Log } from "../log/log.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import type { TimerWheel } from "../time/timer-wheel.ts";
import type { SlotWaiter, WaitQueue } from "./wait-queue.ts";

/** What the listeners of one balancer share. */
export interface Shared {
  readonly log: Log;
  readonly wheel: TimerWheel;
  readonly clock: () => number;
  readonly resolver: Resolver;
  /** Upstream sockets are plain streams because reading into reused buffers failed its self-test. */
  readonly plain: boolean;
  /** Connections of all listeners. */
  connections: number;
  /** Told of every connection made to a backend; seconds. For the metrics. */
  onConnect?: (listener: string, backend: string, seconds: number) => void;
}

/** A listener as its connections see it: chooses, connects, queues and counts. */
export interface Host {
  readonly spec: ListenerSpec;
  readonly backends: readonly Backend[];
  readonly queue: WaitQueue<SlotWaiter<Backend>>;
  readonly connections: ReadonlySet<Guest>;
  readonly wheel: TimerWheel;
  readonly clock: () => number;
  readonly plain: boolean;
  retries: number;
  choose(source: string, tried: ReadonlySet<string>): Choice<Backend>;
  /** True if a usable backend has not been tried yet. */
  others(tried: ReadonlySet<string>): boolean;
  /**
   * Takes a slot of the backend and connects to it; a failure counts for its health unless it is our own.
   * The slot is given back with {@link release}. @param onread how to read where reused buffers work
   * @returns breaks the attempt off
   */
  connect(
    backend: Backend,
    onread: OnReadOpts | undefined,
    done: (result: Socket | UpstreamFault) => void,
  ): () => void;
  /** Gives a slot back; the next who waits for one gets it. */
  release(backend: Backend): void;
  /** A connection has reached its backend. */
  opened(guest: Guest, backend: Backend): void;
  /** Both sides of a connection are gone: count and log it. */
  ended(guest: Guest): void;
}

/** A connection as its listener and the log see it. Durations are milliseconds; -1: that point was not reached. */
export interface Guest {
  readonly listener: Host;
  readonly source: string;
  readonly port: number;
  /** Time of day, milliseconds. */
  readonly acceptedAt: number;
  /** On the balancer's clock. */
  readonly began: number;
  readonly backend: Backend | undefined;
  readonly queueTime: number;
  readonly connectTime: number;
  readonly bytesToClient: number;
  readonly bytesToBackend: number;
  /** HAProxy's two letters, from the first thing that ended the connection. */
  readonly termination: string | undefined;
  readonly reason: string | undefined;
  readonly retries: number;
  readonly redispatched: boolean;
  /** Connections that waited before it: for its backend, and for any. */
  readonly backendQueue: number;
  readonly listenerQueue: number;
  /** It counts in the stick table. */
  sticks: boolean;
  /** It counts among the connections of its source. */
  counted: boolean;
  /** True if its bytes go to and from this backend without routing. */
  relays(backend: Backend): boolean;
  /** Ends the connection in whatever phase it is. */
  end(termination: string, reason?: string): void;
}
