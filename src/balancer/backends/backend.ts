import type { Socket } from "node:net";
import { type Endpoint, parseEndpoint } from "../../domain/endpoint.ts";
import type { BackendSpec } from "../spec/spec.ts";
import type { BackendState } from "../stats/stats.ts";
import type { CheckResult } from "./health/check.ts";
import { afterResult, type HealthState, initialHealth, type Thresholds } from "./health/state.ts";
import type { Member } from "./pool/pool.ts";

/** One backend of one listener while the balancer runs: health, counters, and what selection looks at. */
export class Backend implements Member {
  readonly name: string;
  readonly address: string;
  readonly endpoint: Endpoint;
  weight: number;
  maxConnections: number;
  backup: boolean;
  /** Set by an administrator: no new connections, present ones stay. */
  draining = false;
  /** Said by `/healthz`: no new connections, present ones stay. */
  stopping = false;
  health: HealthState;
  rampFrom: number | undefined;
  /** Time of day of the last change of state. */
  since = new Date();
  lastCheck: (CheckResult & { readonly at: Date }) | undefined;
  /** Consecutive checks that could not even connect. */
  unreachable = 0;

  active = 0;
  /** Of the active ones: the client or the backend has sent FIN. They keep their slots until they are closed. */
  halfClosed = 0;
  total = 0;
  bytesToClient = 0;
  bytesToBackend = 0;
  connectFailures = 0;
  redispatched = 0;
  checksGood = 0;
  checksFailed = 0;
  /** Times that it went down. */
  falls = 0;
  /** Upstream connections of the session router, to be closed when the backend is lost. */
  readonly routed = new Set<Socket>();

  constructor(spec: BackendSpec, thresholds: Thresholds) {
    this.name = spec.name;
    this.address = spec.address;
    this.endpoint = parseEndpoint(spec.address);
    this.weight = spec.weight;
    this.maxConnections = spec.maxConnections;
    this.backup = spec.backup;
    this.health = initialHealth(thresholds);
  }

  get host(): string {
    return this.endpoint.host;
  }

  get usable(): boolean {
    return this.health.status === "up" && !this.draining && !this.stopping;
  }

  /** May still serve the sessions that it has. */
  get reachable(): boolean {
    return this.health.status === "up";
  }

  /** No check has said yet whether it is there: it is only taken to be. */
  get unchecked(): boolean {
    return this.lastCheck === undefined;
  }

  get state(): BackendState {
    if (this.health.status === "down") return "down";
    if (this.draining) return "drain";
    return this.stopping ? "stopping" : "up";
  }

  /** Takes over what a reload may change; state and counters stay. */
  configure(spec: BackendSpec): void {
    this.weight = spec.weight;
    this.maxConnections = spec.maxConnections;
    this.backup = spec.backup;
  }

  /** Counts one good or bad result for health; true if the state changed. */
  result(good: boolean, thresholds: Thresholds, now: number): boolean {
    const before = this.state;
    const wasUp = this.health.status === "up";
    this.health = afterResult(this.health, good, thresholds);
    if (wasUp && this.health.status === "down") this.falls++;
    if (!wasUp && this.health.status === "up") this.rampFrom = now;
    return this.#changed(before);
  }

  /** True if the state changed. */
  setDraining(draining: boolean, now: number): boolean {
    const before = this.state;
    if (this.draining && !draining) this.rampFrom = now;
    this.draining = draining;
    return this.#changed(before);
  }

  /** True if the state changed. */
  setStopping(stopping: boolean, now: number): boolean {
    const before = this.state;
    if (this.stopping && !stopping) this.rampFrom = now;
    this.stopping = stopping;
    return this.#changed(before);
  }

  #changed(before: BackendState): boolean {
    if (this.state === before) return false;
    this.since = new Date();
    return true;
  }
}
