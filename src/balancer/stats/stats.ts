import type { Balance } from "../spec/spec.ts";

/**
 * The shape of `/status.json`, of `balancer status --json` and of `stats()`. Times of day are ISO 8601, durations
 * seconds.
 */
export interface BalancerStats {
  readonly schema: 1;
  readonly pid: number;
  readonly startedAt: string;
  readonly uptime: number;
  /** Time of day of the last reload that was applied. */
  readonly reloadedAt: string | null;
  readonly draining: boolean;
  readonly descriptors: { readonly open: number | null; readonly limit: number | null };
  readonly listeners: readonly ListenerStats[];
}

export interface ListenerStats {
  readonly name: string;
  /** Where it listens, with the real port. */
  readonly address: string;
  readonly balance: Balance;
  /** Connections now. */
  readonly connections: number;
  readonly maxConnections: number;
  /** Connections that wait for a free slot. */
  readonly queued: number;
  /** Connections accepted since the start. */
  readonly total: number;
  readonly refused: { readonly notAllowed: number; readonly full: number; readonly sourceFull: number };
  /** Ended connections by termination code. */
  readonly terminations: Readonly<Record<string, number>>;
  readonly retries: number;
  readonly bytesToClient: number;
  readonly bytesToBackend: number;
  /** Source addresses in the stick table. */
  readonly sources: number;
  /** TLS with clients, when the listener has it. */
  readonly tls?: ListenerTlsStats;
  /** TLS with backends, when the listener has it. */
  readonly backendTls?: BackendTlsStats;
  /** Session routing, when `balance` is `session`: what the router tells about itself. */
  readonly routing?: RouterStats;
  /** What the administrator should know about this listener. */
  readonly notes: readonly string[];
  readonly backends: readonly BackendStats[];
}

/** What people want to know of a certificate. Times of day are ISO 8601. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Host names and addresses that it is for. */
  readonly names: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
}

/** Handshakes with clients since the start. */
export interface ListenerTlsStats {
  readonly certificate: CertificateFacts;
  readonly handshakes: number;
  /** Of those, how many resumed a session. */
  readonly resumed: number;
  readonly failures: number;
}

/** Connections to backends since the start, health checks included. */
export interface BackendTlsStats {
  /** False: somebody has switched verification off. */
  readonly verified: boolean;
  readonly handshakes: number;
  readonly resumed: number;
}

export interface BackendStats {
  readonly name: string;
  readonly address: string;
  readonly state: BackendState;
  /** Time of day of the last change of state. */
  readonly since: string;
  readonly weight: number;
  readonly backup: boolean;
  /** True while its share still grows after a recovery. */
  readonly slowStart: boolean;
  readonly connections: number;
  readonly maxConnections: number;
  readonly queued: number;
  readonly total: number;
  readonly bytesToClient: number;
  readonly bytesToBackend: number;
  readonly connectFailures: number;
  /** Connections that came here because another backend failed them. */
  readonly redispatched: number;
  readonly checks: { readonly good: number; readonly failed: number };
  /** Times that it went down. */
  readonly falls: number;
  readonly lastCheck: {
    readonly at: string;
    readonly verdict: string;
    readonly message: string;
    /** Milliseconds. */
    readonly duration: number;
  } | null;
  /** Sources that belong to it in the stick table. */
  readonly sources: number;
  /** Sessions and running operations, when routed by session. */
  readonly sessions?: number;
  readonly operations?: number;
}

/** `stopping`: its web server says that it takes no new work; `drain`: an administrator says so. */
export type BackendState = "up" | "down" | "stopping" | "drain";

/** What a session router has done since the start. */
export interface RoutingCounts {
  readonly calls: number;
  readonly sessionsOpened: number;
  readonly ownersLost: number;
  /** Handles that nobody here knew, whose owner was looked for among the backends. */
  readonly handlesAsked: number;
  readonly handlesFound: number;
  /** Calls with a handle that was known to be gone, closed or unknown everywhere: nobody was looked for. */
  readonly handlesRemembered: number;
  /** Backends that were asked for a handle and did not answer in time. */
  readonly asksUnanswered: number;
  /** Searches that had to wait, because their client had made too many. */
  readonly searchesDelayed: number;
  readonly notUnderstood: number;
  /** Connections to backends that were closed because others were waited for. */
  readonly linksClosed: number;
  /** Connections that could not be routed, by their transport or their service. */
  readonly fallbacks: Readonly<Record<string, number>>;
}

/** What the session router of a listener tells about itself. */
export interface RouterStats extends RoutingCounts {
  /** Client connections that are routed, or not yet told apart. */
  readonly connections: number;
  /** Entries of the table, idle ones included. */
  readonly sessions: number;
  readonly operations: number;
  /** Entries dropped because the table was full. */
  readonly evicted: number;
}
