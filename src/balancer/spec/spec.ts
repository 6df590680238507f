/**
 * The balancer specification: what the bundled balancer runs and what the HAProxy configuration is rendered from.
 * All times are seconds. The JSON form is documented in docs/balancer.md and validated by `parseSpec`.
 */
export interface BalancerSpec {
  readonly version: 1;
  readonly listeners: readonly ListenerSpec[];
  readonly admin?: AdminSpec;
  readonly log?: LogSpec;
}

export interface LogSpec {
  readonly format: "text" | "json";
  readonly level: "debug" | "info" | "warning" | "error";
}

export type Balance = "session" | "source" | "leastconn" | "roundrobin" | "first";

export interface ListenerSpec {
  /** Name in logs, metrics and HAProxy's `listen` line. */
  readonly name: string;
  /** `ADDRESS:PORT`; port 0 lets the system choose. */
  readonly bind: string;
  readonly balance: Balance;
  readonly backends: readonly BackendSpec[];
  readonly health: HealthSpec;
  readonly timeouts: TimeoutsSpec;
  /** Further connection attempts after the first failed one. */
  readonly retries: number;
  /** Seconds over which a recovered backend's share grows back (leastconn, roundrobin, session); 0: at once. */
  readonly slowStart: number;
  /** Ends the connections of backup backends when another one may get work again (HAProxy: `on-marked-up shutdown-backup-sessions`). */
  readonly endBackupOnRecovery: boolean;
  /** Who speaks the PROXY protocol; undefined: nobody. */
  readonly proxyProtocol?: ProxyProtocolSpec;
  /** CIDR networks that may connect; empty: everyone. */
  readonly allow: readonly string[];
  readonly maxConnections: number;
  /** Connections of one source address at a time; 0: no limit. */
  readonly maxConnectionsPerSource: number;
  readonly stickiness: StickinessSpec;
  /** Seconds of silence before TCP keep-alive probes the peers of idle connections (then every second, ten times); 0: off. */
  readonly keepAlive: number;
}

/**
 * Proxies whose connections begin with a PROXY protocol header, version 1 or 2 (haproxy.org, proxy-protocol.txt). The address in it counts as
 * the client's everywhere: allow list, limits, stickiness, log. Connections from elsewhere have no header.
 */
export interface ProxyProtocolSpec {
  /** CIDR networks of the proxies; they must send a header, and are believed. */
  readonly from: readonly string[];
  /** Seconds within which the header must have come. */
  readonly timeout: number;
}

/** The table of `source` (and of connections that `session` cannot route): which backend a source address belongs to. */
export interface StickinessSpec {
  /** Seconds that an entry outlives the source's last connection. */
  readonly expire: number;
  /** Entries at most; the longest unused goes first. */
  readonly size: number;
}

export interface BackendSpec {
  readonly name: string;
  /** `HOST:PORT` of the Impalad's HiveServer2 port. */
  readonly address: string;
  /** Share of the work, 0–256; 0: no new work. */
  readonly weight: number;
  /** Connections at a time, at most; the rest wait in the queue. 0: no limit. */
  readonly maxConnections: number;
  /** Used only when no other backend is usable. */
  readonly backup: boolean;
}

export interface HealthSpec {
  readonly interval: number;
  readonly timeout: number;
  /** Seconds between checks while a state change is under way; undefined: half the interval, at most 1. */
  readonly fastInterval?: number;
  /** Consecutive failed checks until DOWN. */
  readonly fall: number;
  /** Consecutive good checks until UP. */
  readonly rise: number;
  /** Also ask the Impalad's web server (`/healthz`, Impala 3.4 and later). */
  readonly http?: { readonly port: number; readonly path: string };
  /** Also open and close a HiveServer2 session (plain Thrift only): sees a frozen Impalad. */
  readonly hiveserver2?: { readonly user: string };
}

export interface TimeoutsSpec {
  readonly connect: number;
  /** Idle time towards the client; traffic in either direction refreshes it. */
  readonly client: number;
  readonly server: number;
  /** How long a half-closed connection may live. */
  readonly halfClosed: number;
  /** How long a connection may wait for a free backend slot. */
  readonly queue: number;
  /** How long a new connection may stay silent; 0: no limit. */
  readonly firstByte: number;
}

export interface AdminSpec {
  /** Path of the unix socket for `balancer status|drain|ready|reload`. */
  readonly socket?: string;
  /** `ADDRESS:PORT` of the status page and metrics. */
  readonly http?: string;
}
