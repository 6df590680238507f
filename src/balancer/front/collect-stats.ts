import { formatEndpoint } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import { LISTENER_NOTES } from "../../messages/routing.ts";
import type { Backend } from "../backends/backend.ts";
import type { BackendStats, BalancerStats, ListenerStats } from "../stats/stats.ts";
import type { Work } from "../time/turns.ts";
import { descriptorLimit, openDescriptors } from "./accept/descriptors.ts";
import type { Listener } from "./listener.ts";
import { routingNotes } from "./routing.ts";

export interface Circumstances {
  readonly startedAt: Date;
  readonly reloadedAt: Date | undefined;
  readonly draining: boolean;
  /** Milliseconds on the balancer's clock. */
  readonly now: number;
}

/** The state of everything as plain data, a step for every few backends. */
export function* collectStats(listeners: readonly Listener[], about: Circumstances): Work<BalancerStats> {
  const limit = descriptorLimit();
  const told: ListenerStats[] = [];
  for (const each of listeners) told.push(yield* listenerStats(each, about.now));
  return {
    schema: 1,
    pid: process.pid,
    startedAt: about.startedAt.toISOString(),
    uptime: Math.max(0, (Date.now() - about.startedAt.getTime()) / 1000),
    reloadedAt: about.reloadedAt?.toISOString() ?? null,
    draining: about.draining,
    descriptors: {
      open: openDescriptors() ?? null,
      limit: limit === undefined || !Number.isFinite(limit) ? null : limit,
    },
    listeners: told,
  };
}

/** Backends that are told of in one step. */
const AT_A_TIME = 50;

function* listenerStats(listener: Listener, now: number): Work<ListenerStats> {
  const backends: BackendStats[] = [];
  for (const backend of listener.group.backends) {
    if (backends.push(backendStats(backend, listener, now)) % AT_A_TIME === 0) yield;
  }
  let bytesToClient = listener.bytesToClient;
  let bytesToBackend = listener.bytesToBackend;
  for (const connection of listener.connections) {
    bytesToClient += connection.bytesToClient;
    bytesToBackend += connection.bytesToBackend;
  }
  const { listenerStats: tls, backendStats: backendTls } = listener.security;
  return {
    name: listener.spec.name,
    address: formatEndpoint(listener.address),
    balance: listener.spec.balance,
    connections: listener.connections.size,
    maxConnections: listener.maxConnections,
    queued: listener.group.queue.length,
    total: listener.total,
    refused: {
      notAllowed: listener.refused["not-allowed"],
      full: listener.refused.full,
      sourceFull: listener.refused["source-full"],
    },
    terminations: Object.fromEntries(listener.terminations),
    retries: listener.group.retries,
    bytesToClient,
    bytesToBackend,
    sources: listener.group.table.count(),
    ...(tls === undefined ? {} : { tls }),
    ...(backendTls === undefined ? {} : { backendTls }),
    ...(listener.routing === undefined ? {} : { routing: listener.routing.stats() }),
    notes: notes(listener).map(({ en }) => en),
    backends,
  };
}

/**
 * What the state says in words, in Japanese by its English sentence: notes of listeners, and what checks of backends
 * saw. It goes beside the state, which is English in every language.
 */
export function* collectWords(listeners: readonly Listener[]): Work<Record<string, string>> {
  const words: Record<string, string> = {};
  for (const listener of listeners) {
    for (const note of notes(listener)) words[note.en] = note.ja;
    for (const [index, { lastCheck }] of listener.group.backends.entries()) {
      if (lastCheck !== undefined) words[lastCheck.text.en] = lastCheck.text.ja;
      if (index % AT_A_TIME === AT_A_TIME - 1) yield;
    }
  }
  return words;
}

function notes({ spec, maxConnections, routing, group, security }: Listener): Text[] {
  const said: Text[] = [];
  if (maxConnections < spec.maxConnections) {
    said.push(LISTENER_NOTES.fewDescriptors(maxConnections, spec.maxConnections));
  }
  said.push(...security.notes);
  if (routing !== undefined) said.push(...routingNotes(routing.stats()));
  const { backends, table } = group;
  const [only] = backends.filter(({ name }) => table.count(name) > 0);
  if (spec.balance === "source" && backends.length > 1 && table.count() === 1 && only) {
    said.push(LISTENER_NOTES.oneSource(only.name));
  }
  return said;
}

function backendStats(backend: Backend, listener: Listener, now: number): BackendStats {
  const { lastCheck } = backend;
  const ramp = listener.spec.slowStart * 1000;
  return {
    name: backend.name,
    address: backend.address,
    state: backend.state,
    since: backend.since.toISOString(),
    weight: backend.weight,
    backup: backend.backup,
    slowStart: backend.rampFrom !== undefined && now - backend.rampFrom < ramp,
    connections: backend.active,
    maxConnections: backend.maxConnections,
    queued: listener.group.queue.waitingFor(backend.name),
    total: backend.total,
    bytesToClient: backend.bytesToClient,
    bytesToBackend: backend.bytesToBackend,
    connectFailures: backend.connectFailures,
    redispatched: backend.redispatched,
    checks: { good: backend.checksGood, failed: backend.checksFailed },
    falls: backend.falls,
    lastCheck:
      lastCheck === undefined
        ? null
        : {
            at: lastCheck.at.toISOString(),
            verdict: lastCheck.verdict,
            message: lastCheck.message,
            duration: Math.round(lastCheck.duration * 10) / 10,
          },
    sources: listener.group.table.count(backend.name),
    ...(listener.routing === undefined
      ? {}
      : {
          sessions: listener.routing.sessions(backend.name),
          operations: listener.routing.operations(backend.name),
        }),
  };
}
