import { collectDefaultMetrics, Registry } from "prom-client";
import { openDescriptors } from "../front/accept/descriptors.ts";
import type { BackendStats, BalancerStats, ListenerStats } from "../stats/stats.ts";
import type { Work } from "../time/turns.ts";
import { ConnectTimes } from "./connect-times.ts";
import {
  BACKEND_LABELLED,
  BACKEND_READINGS,
  BACKEND_TLS_READINGS,
  type LabelledReading,
  LISTENER_LABELLED,
  LISTENER_READINGS,
  type Reading,
  ROUTING_LABELLED,
  ROUTING_READINGS,
  TLS_READINGS,
} from "./readings.ts";

const PREFIX = "hue_impala_balancer_";
/** Lines that are written in one step, and make one piece of the page. */
const AT_A_TIME = 500;

/** Somebody that metrics are about, and the labels that say so. */
interface Subject<S> {
  readonly labels: string;
  readonly stats: S;
}

/**
 * Prometheus metrics: those of the process from prom-client, the event loop's delay among them, and the balancer's own
 * counters read when somebody asks. The latter are written here, in steps: prom-client needs half a second at a time
 * for a thousand backends.
 */
export class Metrics {
  readonly contentType: string;
  readonly #process = new Registry();
  readonly #connectTimes = new ConnectTimes();

  constructor() {
    this.contentType = this.#process.contentType;
    collectDefaultMetrics({ register: this.#process, prefix: PREFIX });
    // Its way of counting takes long where thousands are open.
    this.#process.removeSingleMetric(`${PREFIX}process_open_fds`);
  }

  /** Told of every connection made to a backend; seconds. */
  connected(listener: string, backend: string, seconds: number): void {
    this.#connectTimes.observe(listener, backend, seconds);
  }

  /** Metrics of the process, which cost little. */
  ofProcess(): Promise<string> {
    return this.#process.metrics();
  }

  /**
   * The page in the text format of Prometheus, in pieces of some 50 kB. @param ofProcess what {@link ofProcess} gave
   */
  *page({ listeners }: BalancerStats, ofProcess: string): Work<Buffer[]> {
    const pieces: Buffer[] = [Buffer.from(ofProcess)];
    let lines: string[] = [head("process_open_fds", "Number of open file descriptors.", "gauge")];
    const descriptors = openDescriptors();
    if (descriptors !== undefined) lines.push(`${PREFIX}process_open_fds ${descriptors}\n`);
    for (const line of this.#lines(listeners)) {
      lines.push(line);
      if (lines.length < AT_A_TIME) continue;
      pieces.push(Buffer.from(lines.join("")));
      lines = [];
      yield;
    }
    pieces.push(Buffer.from(lines.join("")));
    return pieces;
  }

  *#lines(listeners: readonly ListenerStats[]): Generator<string> {
    const ofListener = listeners.map((stats) => ({ labels: `listener="${escaped(stats.name)}"`, stats }));
    const ofBackend = ofListener.flatMap(({ labels, stats }) =>
      stats.backends.map((each) => ({ labels: `${labels},backend="${escaped(each.name)}"`, stats: each })),
    );
    yield* samples(LISTENER_READINGS, ofListener);
    yield* labelledSamples(LISTENER_LABELLED, ofListener);
    const withTls = ofListener.flatMap(({ labels, stats: { tls } }) =>
      tls === undefined ? [] : [{ labels, stats: tls }],
    );
    if (withTls.length > 0) yield* samples(TLS_READINGS, withTls);
    const withBackendTls = ofListener.flatMap(({ labels, stats: { backendTls } }) =>
      backendTls === undefined ? [] : [{ labels, stats: backendTls }],
    );
    if (withBackendTls.length > 0) yield* samples(BACKEND_TLS_READINGS, withBackendTls);
    const ofRouter = ofListener.flatMap(({ labels, stats }) =>
      stats.routing === undefined ? [] : [{ labels, stats: stats.routing }],
    );
    yield* samples(ROUTING_READINGS, ofRouter);
    yield* labelledSamples(ROUTING_LABELLED, ofRouter);
    yield* samples(BACKEND_READINGS, ofBackend);
    yield* labelledSamples(BACKEND_LABELLED, ofBackend);
    yield* this.#histogram(listeners, ofBackend);
  }

  *#histogram(
    listeners: readonly ListenerStats[],
    ofBackend: readonly Subject<BackendStats>[],
  ): Generator<string> {
    this.#connectTimes.keep(
      new Map(listeners.map(({ name, backends }) => [name, new Set(backends.map((each) => each.name))])),
    );
    const metric = "backend_connect_seconds";
    yield head(metric, "Time to connect to the backend", "histogram");
    let index = 0;
    for (const { name, backends } of listeners) {
      for (const backend of backends) {
        const { labels = "" } = ofBackend[index++] ?? {};
        const text = this.#connectTimes.samples(PREFIX + metric, name, backend.name, labels);
        if (text !== "") yield text;
      }
    }
  }
}

function* samples<S>(readings: readonly Reading<S>[], subjects: readonly Subject<S>[]): Generator<string> {
  for (const { name, help, type, value } of readings) {
    yield head(name, help, type);
    for (const { labels, stats } of subjects) yield `${PREFIX}${name}{${labels}} ${value(stats)}\n`;
  }
}

function* labelledSamples<S>(
  readings: readonly LabelledReading<S>[],
  subjects: readonly Subject<S>[],
): Generator<string> {
  for (const { name, help, type, label, values } of readings) {
    yield head(name, help, type);
    for (const { labels, stats } of subjects) {
      for (const [of, value] of Object.entries(values(stats))) {
        yield `${PREFIX}${name}{${labels},${label}="${escaped(of)}"} ${value}\n`;
      }
    }
  }
}

function head(name: string, help: string, type: string): string {
  return `\n# HELP ${PREFIX}${name} ${help}\n# TYPE ${PREFIX}${name} ${type}\n`;
}

/** A label's value, as the format wants it. */
function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
