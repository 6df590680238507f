import type { Kerberos } from "../gssapi/kerberos.ts";
import type { Log } from "../log/log.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import type { TlsDialer } from "../tls/dialer.ts";
import type { Backend } from "./backend.ts";
import type { UpstreamFault } from "./connect/attempt.ts";
import type { Resolver } from "./connect/resolver.ts";
import type { CheckResult } from "./health/check.ts";
import { HealthMonitor } from "./health/monitor.ts";

/** What follows from a change of state: the listener's work. */
export interface StateChanges {
  /** The specification as it is now. */
  readonly spec: ListenerSpec;
  /** How checks log in, as it is now. */
  readonly kerberos: Kerberos | undefined;
  /** It may get new connections again. */
  usable(backend: Backend): void;
  /** It gets no new connections; those that it has stay. */
  unusable(backend: Backend): void;
  /** It cannot even be reached: those that it has are lost. */
  lost(backend: Backend): void;
}

export interface StatesOptions {
  readonly log: Log;
  readonly resolver: Resolver;
  /** Milliseconds on a clock that never jumps. */
  readonly clock: () => number;
  /** TLS with the backends, if they speak it. */
  readonly dialer: () => TlsDialer | undefined;
}

/** Keeps the states of a listener's backends: by checks, by failed connections, and by what the administrator says. */
export class BackendStates {
  readonly #changes: StateChanges;
  readonly #options: StatesOptions;
  readonly #monitor: HealthMonitor<Backend>;

  constructor(changes: StateChanges, options: StatesOptions) {
    this.#changes = changes;
    this.#options = options;
    this.#monitor = new HealthMonitor(changes.spec.health, {
      resolver: options.resolver,
      clock: options.clock,
      dialer: options.dialer,
      onResult: (backend, result) => this.#checked(backend, result),
      kerberos: () => changes.kerberos,
    });
  }

  /** Checks exactly these backends from now on. */
  watch(backends: readonly Backend[]): void {
    this.#monitor.watch(backends, this.#changes.spec.health);
  }

  stop(): void {
    this.#monitor.stop();
  }

  /** A failed connection counts for the backend's health, unless it failed for a lack of our own. */
  connectFailed(backend: Backend, fault: UpstreamFault): void {
    const { spec } = this.#changes;
    if (fault.reason === "local") {
      this.#options.log.warning("local-fault", `cannot connect to anything: ${fault.message}`);
      return;
    }
    backend.connectFailures++;
    this.#options.log.debug("connect-failed", `${spec.name}/${backend.name}: ${fault.message}`);
    if (backend.health.status === "up") {
      this.#changed(backend, backend.result(false, spec.health, this.#options.clock()), fault.message);
    }
    this.#monitor.hurry(backend);
  }

  /** An administrator stops, or again allows, new connections to a backend. */
  setDraining(backend: Backend, draining: boolean): void {
    const changed = backend.setDraining(draining, this.#options.clock());
    this.#changed(backend, changed, draining ? "drained by the administrator" : "ready again");
  }

  #checked(backend: Backend, result: CheckResult): void {
    backend.lastCheck = { ...result, at: new Date() };
    if (result.verdict === "unknown") return;
    const { health: thresholds } = this.#changes.spec;
    const now = this.#options.clock();
    const good = result.verdict !== "failed";
    if (good) backend.checksGood++;
    else backend.checksFailed++;
    const health = backend.result(good, thresholds, now);
    const stopping = backend.setStopping(result.verdict === "stopping", now);
    this.#changed(backend, health || stopping, result.message);
    backend.unreachable = !good && result.level === "connect" ? backend.unreachable + 1 : 0;
    // Connections are given up only when the backend cannot even be reached: one that is merely busy may still serve
    // them.
    if (backend.health.status === "down" && backend.unreachable >= thresholds.fall) {
      this.#changes.lost(backend);
    }
  }

  #changed(backend: Backend, changed: boolean, why: string): void {
    if (!changed) return;
    const listener = this.#changes.spec.name;
    const level = backend.state === "up" ? "info" : "warning";
    const message = `${listener}/${backend.name} is ${backend.state.toUpperCase()}: ${why}`;
    this.#options.log.line(level, "backend-state", message, {
      listener,
      backend: backend.name,
      state: backend.state,
    });
    if (backend.usable) this.#changes.usable(backend);
    else this.#changes.unusable(backend);
  }
}
