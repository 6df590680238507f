import type { Resolver } from "../backends/connect/resolver.ts";
import type { Log } from "../log/log.ts";
import type { TimerWheel } from "../time/timer-wheel.ts";
import type { UnreadBudget } from "./unread.ts";

/** What the listeners of one balancer share. */
export interface Shared {
  readonly log: Log;
  readonly wheel: TimerWheel;
  /** Milliseconds on a clock that never jumps. */
  readonly clock: () => number;
  readonly resolver: Resolver;
  /** Upstream sockets are plain streams because reading into reused buffers failed its self-test. */
  readonly plain: boolean;
  /** Milliseconds between two looks whether certificates have been replaced. */
  readonly certificatePoll: number;
  /** What clients have not read yet. */
  readonly unread: UnreadBudget;
  /** Connections of all listeners. */
  connections: number;
  /** Told of every connection made to a backend; seconds. For the metrics. */
  onConnect?: (listener: string, backend: string, seconds: number) => void;
}
