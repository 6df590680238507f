import type { BackendView, RoutedClient, Transport } from "./contract.ts";
import type { SessionEvent } from "./events.ts";
import type { SessionTable } from "./table.ts";

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
}

/** What the router lends to each of its connections. */
export interface RouterServices {
  readonly table: SessionTable;
  readonly timeouts: Required<RoutingTimeouts>;
  readonly counters: Counters;
  readonly maxCall: number;
  /** Milliseconds for the table. */
  now(): number;
  /** Milliseconds during which the process has run: a suspended machine's connections are not older than they were. */
  running(): number;
  /** Seconds for which a backend has been out of reach. */
  lostFor(backend: string): number;
  /** The backend for a new session. */
  choose(backends: readonly BackendView[], tried: ReadonlySet<string>): BackendView | undefined;
  /** A session is being opened at a backend (+1), or that is over (-1). */
  reserve(backend: string, by: 1 | -1): void;
  /** Bytes of calls that are held in memory until it is known where they go. */
  hold(bytes: number): void;
  readonly mayHold: boolean;
  onEvent(event: SessionEvent): void;
  /** Sessions may have ended. */
  tableChanged(): void;
  /** This client's connection is no longer the router's. */
  left(client: RoutedClient): void;
  /**
   * A connection to this backend is about to be made: closes an unused link if its connections are used up.
   * @returns to be called when it has been made, or not
   */
  makeRoom(backend: BackendView | undefined): () => void;
  /** Somebody waits for a connection to this backend: whoever has one and does not need it should give it up. */
  isWanted(backend: string): boolean;
}

/** Since the start. */
export interface Counters {
  calls: number;
  sessionsOpened: number;
  ownersLost: number;
  handlesAsked: number;
  handlesFound: number;
  notUnderstood: number;
  readonly fallbacks: Record<Transport, number>;
}
