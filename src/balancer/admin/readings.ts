import type {
  BackendStats,
  BackendTlsStats,
  ListenerStats,
  ListenerTlsStats,
  RouterStats,
} from "../stats/stats.ts";

/** One metric: its name without the program's prefix, what it means, and its value. */
export interface Reading<S> {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly value: (stats: S) => number;
}

/** One metric with a further label; a sample for each of its values. */
export interface LabelledReading<S> {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly label: string;
  readonly values: (stats: S) => Readonly<Record<string, number>>;
}

function gauge<S>(name: string, help: string, value: (stats: S) => number): Reading<S> {
  return { name, help, type: "gauge", value };
}

function counter<S>(name: string, help: string, value: (stats: S) => number): Reading<S> {
  return { name, help, type: "counter", value };
}

export const LISTENER_READINGS: readonly Reading<ListenerStats>[] = [
  gauge("connections", "Client connections now", (each) => each.connections),
  gauge("max_connections", "Client connections at most", (each) => each.maxConnections),
  gauge("queue_length", "Connections that wait for a free backend slot", (each) => each.queued),
  gauge("stick_table_entries", "Source addresses in the stick table", (each) => each.sources),
  counter("connections_total", "Client connections accepted", (each) => each.total),
  counter("retries_total", "Connection attempts after a failed one", (each) => each.retries),
  counter("to_client_bytes_total", "Bytes from backends to clients", (each) => each.bytesToClient),
  counter("to_backend_bytes_total", "Bytes from clients to backends", (each) => each.bytesToBackend),
];

export const LISTENER_LABELLED: readonly LabelledReading<ListenerStats>[] = [
  {
    name: "terminations_total",
    help: "Ended connections by code",
    type: "counter",
    label: "termination",
    values: (each) => each.terminations,
  },
  {
    name: "refused_total",
    help: "Connections turned away",
    type: "counter",
    label: "reason",
    values: ({ refused }) => ({
      "not-allowed": refused.notAllowed,
      full: refused.full,
      "source-full": refused.sourceFull,
    }),
  },
];

/** Of listeners that route by session. */
export const ROUTING_READINGS: readonly Reading<RouterStats>[] = [
  gauge("sessions", "HiveServer2 sessions in the table", (each) => each.sessions),
  gauge("operations", "HiveServer2 operations in the table", (each) => each.operations),
  counter("calls_total", "HiveServer2 calls routed", (each) => each.calls),
  counter("sessions_opened_total", "HiveServer2 sessions opened", (each) => each.sessionsOpened),
  counter("owners_lost_total", "Calls whose session's Impalad was gone", (each) => each.ownersLost),
  counter("handle_searches_total", "Unknown handles looked for", (each) => each.handlesAsked),
  counter(
    "handle_searches_found_total",
    "Unknown handles whose Impalad was found",
    (each) => each.handlesFound,
  ),
  counter("handle_searches_delayed_total", "Searches that had to wait", (each) => each.searchesDelayed),
  counter("handle_searches_silent_total", "Impalads asked in vain", (each) => each.asksUnanswered),
  counter("gone_handle_calls_total", "Calls with handles known to be gone", (each) => each.handlesRemembered),
  counter("not_understood_total", "Connections with bytes that made no sense", (each) => each.notUnderstood),
  counter("links_closed_total", "Impalad connections closed to make room", (each) => each.linksClosed),
  counter("table_evictions_total", "Handles forgotten for want of room", (each) => each.evicted),
];

export const ROUTING_LABELLED: readonly LabelledReading<RouterStats>[] = [
  {
    name: "not_routed_total",
    help: "Connections that could not be routed by session",
    type: "counter",
    label: "transport",
    values: (each) => each.fallbacks,
  },
];

/** Of listeners that speak TLS with their clients. */
export const TLS_READINGS: readonly Reading<ListenerTlsStats>[] = [
  gauge(
    "tls_certificate_expiry_timestamp_seconds",
    "When the listener's certificate expires, Unix time",
    ({ certificate }) => Date.parse(certificate.notAfter) / 1000,
  ),
  counter("tls_handshakes_total", "TLS handshakes with clients", (each) => each.handshakes),
  counter("tls_resumed_total", "Handshakes with clients that resumed a session", (each) => each.resumed),
  counter("tls_handshake_failures_total", "TLS handshakes with clients that failed", (each) => each.failures),
];

/** Of listeners that speak TLS with their backends. */
export const BACKEND_TLS_READINGS: readonly Reading<BackendTlsStats>[] = [
  gauge("backend_tls_verified", "0 where the verification of Impalads is switched off", ({ verified }) =>
    verified ? 1 : 0,
  ),
  counter("backend_tls_handshakes_total", "TLS connections made to Impalads", (each) => each.handshakes),
  counter("backend_tls_resumed_total", "Of those, how many resumed a session", (each) => each.resumed),
];

export const BACKEND_READINGS: readonly Reading<BackendStats>[] = [
  gauge("backend_up", "1 if the backend may get new work", (each) => (each.state === "up" ? 1 : 0)),
  gauge("backend_connections", "Connections to the backend now", (each) => each.connections),
  gauge("backend_queue_length", "Connections that wait for this backend", (each) => each.queued),
  gauge("backend_sessions", "HiveServer2 sessions of the backend", (each) => each.sessions ?? 0),
  gauge("backend_operations", "HiveServer2 operations of the backend", (each) => each.operations ?? 0),
  gauge(
    "backend_last_check_seconds",
    "Duration of the last check",
    (each) => (each.lastCheck?.duration ?? 0) / 1000,
  ),
  counter("backend_connections_total", "Connections made to the backend", (each) => each.total),
  counter("backend_to_client_bytes_total", "Bytes from the backend to clients", (each) => each.bytesToClient),
  counter(
    "backend_to_backend_bytes_total",
    "Bytes from clients to the backend",
    (each) => each.bytesToBackend,
  ),
  counter(
    "backend_connect_failures_total",
    "Connection attempts that failed",
    (each) => each.connectFailures,
  ),
  counter(
    "backend_redispatched_total",
    "Connections taken over from a failed backend",
    (each) => each.redispatched,
  ),
  counter("backend_falls_total", "Times that the backend went down", (each) => each.falls),
];

const STATES = ["up", "down", "stopping", "drain"] as const;

export const BACKEND_LABELLED: readonly LabelledReading<BackendStats>[] = [
  {
    name: "backend_state",
    help: "1 for the state the backend is in",
    type: "gauge",
    label: "state",
    values: ({ state }) => Object.fromEntries(STATES.map((each) => [each, each === state ? 1 : 0])),
  },
  {
    name: "backend_checks_total",
    help: "Health checks by result",
    type: "counter",
    label: "result",
    values: ({ checks }) => ({ good: checks.good, failed: checks.failed }),
  },
];
