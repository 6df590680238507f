import type { BackendStats, ListenerStats } from "../stats/stats.ts";

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
