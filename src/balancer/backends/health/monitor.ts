import type { Endpoint } from "../../../domain/endpoint.ts";
import type { Kerberos } from "../../gssapi/kerberos.ts";
import type { HealthSpec } from "../../spec/spec.ts";
import type { TlsDialer } from "../../tls/dialer.ts";
import type { Resolver } from "../connect/resolver.ts";
import { type CheckResult, checkBackend } from "./check.ts";
import { type HealthState, inTransition } from "./state.ts";

/** What is checked: a backend, as far as checking it goes. */
export interface Checked {
  readonly endpoint: Endpoint;
  readonly health: HealthState;
}

export interface MonitorOptions<B extends Checked> {
  readonly resolver: Resolver;
  readonly clock: () => number;
  /** TLS with the backends, if they speak it. */
  readonly dialer: () => TlsDialer | undefined;
  readonly onResult: (backend: B, result: CheckResult) => void;
  /** How checks log in at present. */
  readonly kerberos?: () => Kerberos | undefined;
}

interface Watch<B> {
  readonly backend: B;
  timer: NodeJS.Timeout | undefined;
  /** When the next check is due, on the clock. */
  due: number;
  running: boolean;
  stopped: boolean;
}

/** Checks every backend of a listener again and again, spread over the interval so that no two check bursts meet. */
export class HealthMonitor<B extends Checked> {
  readonly #options: MonitorOptions<B>;
  #spec: HealthSpec;
  readonly #watches = new Map<B, Watch<B>>();

  constructor(spec: HealthSpec, options: MonitorOptions<B>) {
    this.#spec = spec;
    this.#options = options;
  }

  /** Watches exactly these backends from now on; those watched already keep their rhythm. */
  watch(backends: readonly B[], spec: HealthSpec): void {
    this.#spec = spec;
    for (const [backend, watch] of this.#watches) if (!backends.includes(backend)) this.#end(watch);
    const now = this.#options.clock();
    backends.forEach((backend, index) => {
      if (this.#watches.has(backend)) return;
      const watch: Watch<B> = { backend, timer: undefined, due: 0, running: false, stopped: false };
      this.#watches.set(backend, watch);
      this.#plan(watch, now + (index * spec.interval * 1000) / backends.length);
    });
  }

  /** A connection attempt failed: look soon whether the backend is still there. */
  hurry(backend: B): void {
    const watch = this.#watches.get(backend);
    if (watch === undefined || watch.running) return;
    const soon = this.#options.clock() + this.#fastInterval();
    if (soon < watch.due) this.#plan(watch, soon);
  }

  stop(): void {
    for (const watch of this.#watches.values()) this.#end(watch);
  }

  #end(watch: Watch<B>): void {
    watch.stopped = true;
    clearTimeout(watch.timer);
    this.#watches.delete(watch.backend);
  }

  #fastInterval(): number {
    return (this.#spec.fastInterval ?? Math.min(1, this.#spec.interval / 2)) * 1000;
  }

  #plan(watch: Watch<B>, due: number): void {
    clearTimeout(watch.timer);
    watch.due = due;
    const wait = Math.max(0, due - this.#options.clock());
    watch.timer = setTimeout(() => void this.#check(watch), Math.min(wait, 2 ** 31 - 1));
  }

  async #check(watch: Watch<B>): Promise<void> {
    const began = this.#options.clock();
    const { backend } = watch;
    watch.running = true;
    const result = await checkBackend({
      endpoint: backend.endpoint,
      spec: this.#spec,
      resolver: this.#options.resolver,
      clock: this.#options.clock,
      kerberos: this.#options.kerberos?.(),
      dialer: this.#options.dialer(),
    });
    watch.running = false;
    if (watch.stopped) return;
    this.#options.onResult(backend, result);
    if (watch.stopped) return;
    // Only a change under way hurries: a backend that stays down is asked at the ordinary pace.
    const pause = inTransition(backend.health) ? this.#fastInterval() : this.#spec.interval * 1000;
    this.#plan(watch, Math.max(began + pause, this.#options.clock()));
  }
}
