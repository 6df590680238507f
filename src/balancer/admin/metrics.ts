import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { RunningBalancer } from "../balancer.ts";
import type { BackendStats, ListenerStats } from "../stats/stats.ts";

const PREFIX = "hue_impala_balancer_";

export interface Metrics {
  readonly contentType: string;
  /** Told of every connection made to a backend; seconds. */
  connected(listener: string, backend: string, seconds: number): void;
  text(balancer: RunningBalancer): Promise<string>;
}

type Reading<S> = readonly [name: string, help: string, value: (stats: S) => number];

const LISTENER_GAUGES: readonly Reading<ListenerStats>[] = [
  ["connections", "Client connections now", (each) => each.connections],
  ["max_connections", "Client connections at most", (each) => each.maxConnections],
  ["queue_length", "Connections that wait for a free backend slot", (each) => each.queued],
  ["stick_table_entries", "Source addresses in the stick table", (each) => each.sources],
];
const LISTENER_COUNTERS: readonly Reading<ListenerStats>[] = [
  ["connections_total", "Client connections accepted", (each) => each.total],
  ["retries_total", "Connection attempts after a failed one", (each) => each.retries],
  ["to_client_bytes_total", "Bytes from backends to clients", (each) => each.bytesToClient],
  ["to_backend_bytes_total", "Bytes from clients to backends", (each) => each.bytesToBackend],
];
const BACKEND_GAUGES: readonly Reading<BackendStats>[] = [
  ["backend_up", "1 if the backend may get new work", (each) => (each.state === "up" ? 1 : 0)],
  ["backend_connections", "Connections to the backend now", (each) => each.connections],
  ["backend_queue_length", "Connections that wait for this backend", (each) => each.queued],
  ["backend_sessions", "HiveServer2 sessions of the backend", (each) => each.sessions ?? 0],
  ["backend_operations", "HiveServer2 operations of the backend", (each) => each.operations ?? 0],
  [
    "backend_last_check_seconds",
    "Duration of the last check",
    (each) => (each.lastCheck?.duration ?? 0) / 1000,
  ],
];
const BACKEND_COUNTERS: readonly Reading<BackendStats>[] = [
  ["backend_connections_total", "Connections made to the backend", (each) => each.total],
  ["backend_to_client_bytes_total", "Bytes from the backend to clients", (each) => each.bytesToClient],
  ["backend_to_backend_bytes_total", "Bytes from clients to the backend", (each) => each.bytesToBackend],
  ["backend_connect_failures_total", "Connection attempts that failed", (each) => each.connectFailures],
  ["backend_redispatched_total", "Connections taken over from a failed backend", (each) => each.redispatched],
  ["backend_falls_total", "Times that the backend went down", (each) => each.falls],
];

/**
 * Prometheus metrics, the event loop's delay among the default ones. Nothing is counted twice: values are read from the balancer's own counters when somebody asks.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const connectTime = new Histogram({
    name: `${PREFIX}backend_connect_seconds`,
    help: "Time to connect to the backend",
    labelNames: ["listener", "backend"],
    buckets: [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 4, 10],
    registers: [registry],
  });
  const fill = filler(registry);
  return {
    contentType: registry.contentType,
    connected: (listener, backend, seconds) => connectTime.observe({ listener, backend }, seconds),
    text: (balancer) => {
      fill(balancer.stats().listeners);
      return registry.metrics();
    },
  };
}

function filler(registry: Registry): (listeners: readonly ListenerStats[]) => void {
  const options = (name: string, help: string, labelNames: string[]) => ({
    name: PREFIX + name,
    help,
    labelNames,
    registers: [registry],
  });
  const gauges = <S>(readings: readonly Reading<S>[], labels: string[]) =>
    readings.map(([name, help, value]) => ({ metric: new Gauge(options(name, help, labels)), value }));
  const counters = <S>(readings: readonly Reading<S>[], labels: string[]) =>
    readings.map(([name, help, value]) => ({ metric: new Counter(options(name, help, labels)), value }));
  const ofListener = [...gauges(LISTENER_GAUGES, ["listener"]), ...counters(LISTENER_COUNTERS, ["listener"])];
  const both = ["listener", "backend"];
  const ofBackend = [...gauges(BACKEND_GAUGES, both), ...counters(BACKEND_COUNTERS, both)];
  const state = new Gauge(options("backend_state", "1 for the state the backend is in", [...both, "state"]));
  const checks = new Counter(options("backend_checks_total", "Health checks by result", [...both, "result"]));
  const ended = new Counter(
    options("terminations_total", "Ended connections by code", ["listener", "termination"]),
  );
  const refused = new Counter(options("refused_total", "Connections turned away", ["listener", "reason"]));
  const all = [...ofListener, ...ofBackend].map((each) => each.metric);
  return (listeners) => {
    // Backends may have gone with a reload: start from nothing.
    for (const metric of [...all, state, checks, ended, refused]) metric.reset();
    for (const listener of listeners) {
      const label = { listener: listener.name };
      for (const { metric, value } of ofListener) metric.inc(label, value(listener));
      for (const [termination, count] of Object.entries(listener.terminations))
        ended.inc({ ...label, termination }, count);
      refused.inc({ ...label, reason: "not-allowed" }, listener.refused.notAllowed);
      refused.inc({ ...label, reason: "full" }, listener.refused.full);
      refused.inc({ ...label, reason: "source-full" }, listener.refused.sourceFull);
      for (const backend of listener.backends) {
        const labels = { ...label, backend: backend.name };
        for (const { metric, value } of ofBackend) metric.inc(labels, value(backend));
        for (const each of ["up", "down", "stopping", "drain"]) {
          state.set({ ...labels, state: each }, backend.state === each ? 1 : 0);
        }
        checks.inc({ ...labels, result: "good" }, backend.checks.good);
        checks.inc({ ...labels, result: "failed" }, backend.checks.failed);
      }
    }
  };
}
