/** Seconds. */
export interface RoutingTimeouts {
  /** Idle time between calls. */
  readonly client: number;
  /** Silence of a backend during a call. */
  readonly server: number;
  /** Silence of a new connection; 0: no limit of its own. */
  readonly firstByte?: number;
  /** Silence in the middle of a call, a login or the very first bytes. Default 60. */
  readonly unfinished?: number;
  /** How long a call may still wait for a backend that is down, for it may only be busy. Default 5. */
  readonly lost?: number;
  /**
   * How long a backend may take to say whether it knows a handle. Default 10: Hive answers only after 5 (long polling).
   */
  readonly ask?: number;
}

export type Timeouts = Required<RoutingTimeouts>;

export function withDefaults(timeouts: RoutingTimeouts): Timeouts {
  return { firstByte: 0, unfinished: 60, lost: 5, ask: 10, ...timeouts };
}
