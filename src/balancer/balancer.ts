/**
 * The bundled balancer, for whoever reads it for the first time: a connection's way through the rooms.
 *
 * 1. `front/accept`: a `ListeningSocket` accepts; `Admission` knows who may connect, and how many at a time.
 * 2. `front/listener.ts` makes a `Connection` (what is known of it, for the log) and puts it into its first phase. A
 *    phase (`front/phases`) is told what the client's socket says, until the next one takes over: `HeaderPhase` (a
 *    proxy first says whom it speaks for) → `HandshakePhase` (where the listener speaks TLS) → with
 *    `balance session` `Routed` → else `FirstBytes` (where a client must
 *    not stay silent) → `Waiting` → `Relaying`.
 * 3. `Waiting` asks the listener's `BackendGroup`: the `Pool` (`backends/pool`) picks one of the `Backend`s that the
 *    health checks (`backends/health`) leave, by one of the `algorithms` and the stick table; without a free slot it
 *    waits in the `WaitQueue`; `backends/connect` connects, and after a failure `Waiting` tries the next.
 * 4. `Relaying` has a `Relay` (`relay`) that moves the bytes between the two sockets through reused buffers.
 * 5. `Routed` gives the connection to the `SessionRouter` (`session`), which reads HiveServer2 (`wire`) and sends
 *    each call to the backend that owns its session; what it cannot read comes back and goes on as in 3.
 *    Where the client logs in with Kerberos, `gssapi` makes the balancer an end itself: towards the client with the
 *    listener's keytab, towards each backend as the listener's principal.
 * 6. Both sockets closed: `Listener.ended` counts, and writes the line of the log (`log`); the slot went back to the
 *    group when the upstream connection closed, and whoever waited longest has it.
 *
 * Around it: `spec` is what people write, `stats` what they see, `admin` how they ask, `daemon` the process, `time`
 * the clocks. Imports go down only: daemon, admin > balancer.ts > front > session > relay, backends > gssapi, tls >
 * wire, log, stats > spec, time > algorithms (`test/project/circles.test.ts`).
 */
import type { Endpoint } from "../domain/endpoint.ts";
import type { Warning } from "../domain/warning.ts";
import { balancerControlFailure } from "../messages/failures/balancer/control.ts";
import type { Backend } from "./backends/backend.ts";
import { type Lookup, Resolver, systemLookup } from "./backends/connect/resolver.ts";
import { descriptorBudget, descriptorLimit, descriptorWarnings } from "./front/accept/descriptors.ts";
import { collectStats, collectWords } from "./front/collect-stats.ts";
import { Listener } from "./front/listener.ts";
import { CERTIFICATE_POLL, type Material, readMaterial } from "./front/security.ts";
import type { Shared } from "./front/shared.ts";
import { UnreadBudget } from "./front/unread.ts";
import { Log } from "./log/log.ts";
import { dropFreeBuffers } from "./relay/buffers.ts";
import { fastRelayWorks } from "./relay/self-test.ts";
import type { BalancerSpec } from "./spec/spec.ts";
import type { BalancerStats } from "./stats/stats.ts";
import { monotonic } from "./time/clock.ts";
import { TimerWheel } from "./time/timer-wheel.ts";
import { atOnce, type Work } from "./time/turns.ts";

export interface BalancerOptions {
  /** Default: nothing is logged (the daemon brings a log). */
  readonly log?: Log;
  readonly lookup?: Lookup;
  /** Milliseconds that a resolved address is used before it is looked up again. Default 10,000. */
  readonly addressHold?: number;
  /** Milliseconds on a clock that never jumps. */
  readonly clock?: () => number;
  /** Listening descriptors inherited from systemd, by listener name. */
  readonly descriptors?: ReadonlyMap<string, number>;
  /** Open files that the process may have; default: as the system says. */
  readonly descriptorLimit?: number;
  /** Bytes that may wait in memory for clients to read them. Default 64 MiB. */
  readonly unreadLimit?: number;
  /** Milliseconds between two looks whether certificates have been replaced. Default 10,000. */
  readonly certificatePoll?: number;
  /** Relay over plain streams, without reused buffers. */
  readonly plain?: boolean;
  /** Told of every connection made to a backend; seconds. */
  readonly onConnect?: (listener: string, backend: string, seconds: number) => void;
}

export interface RunningBalancer {
  /** Where each listener listens, with the real port. */
  readonly addresses: Readonly<Record<string, Endpoint>>;
  /** What the administrator should know though it runs. */
  readonly warnings: readonly Warning[];
  stats(): BalancerStats;
  /** {@link stats} in short steps, for whoever must not hold up the event loop. */
  statsInSteps(): Work<BalancerStats>;
  /** What {@link stats} says in words, in Japanese by its English sentence; in short steps too. */
  words(): Work<Record<string, string>>;
  /** Every listener has a backend that may get new work, and the balancer is not about to stop. */
  isWell(): boolean;
  /**
   * No new connections to this backend (of every listener that has it); present ones stay. @throws Failure `settings`
   */
  drain(backend: string): void;
  /** Takes a drained backend back. @throws Failure `settings` */
  ready(backend: string): void;
  /**
   * Resolves when nothing uses the backend any more (of every listener that has it), or once `signal` is aborted.
   * @throws Failure `settings`
   */
  whenUnused(backend: string, signal: AbortSignal): Promise<void>;
  /**
   * Applies a changed specification without closing a connection; counters, stickiness and health stay.
   * @throws Failure; the old specification still runs then
   */
  reload(spec: BalancerSpec): Promise<void>;
  /** Stops accepting, lets connections finish, and cuts what is left after `deadline` seconds (default 0: at once). */
  close(options?: { readonly deadline?: number }): Promise<void>;
}

/** How coarse idle, queue and half-closed time-outs are, in milliseconds. */
const TICK = 200;
const SWEEP = 10_000;
const ADDRESS_HOLD = 10_000;

/**
 * Starts the bundled balancer. Resolves when every listener listens.
 * @throws Failure `settings` or `auth`: an address is in use, not local or not permitted
 */
export async function startBalancer(
  spec: BalancerSpec,
  options: BalancerOptions = {},
): Promise<RunningBalancer> {
  const plain = options.plain ?? !(await fastRelayWorks());
  if (plain && options.plain === undefined) {
    options.log?.warning(
      "plain-relay",
      `reused read buffers do not work with Node ${process.version}: relaying plain streams`,
    );
  }
  const balancer = new Balancer(spec, { ...options, plain });
  await balancer.start(options.descriptors ?? new Map());
  return balancer;
}

class Balancer implements RunningBalancer {
  readonly #options: BalancerOptions;
  readonly #shared: Shared;
  readonly #startedAt = new Date();
  #spec: BalancerSpec;
  #listeners: Listener[] = [];
  /** Listeners that a reload took away, while they still have connections. */
  readonly #leaving = new Set<Listener>();
  #warnings: Warning[] = [];
  #reloadedAt: Date | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;
  #cutNow: (() => void) | undefined;

  constructor(spec: BalancerSpec, options: BalancerOptions) {
    const clock = options.clock ?? monotonic;
    this.#spec = spec;
    this.#options = options;
    this.#shared = {
      log: options.log ?? new Log({ write: () => undefined }),
      wheel: new TimerWheel(TICK, clock),
      clock,
      resolver: new Resolver(options.lookup ?? systemLookup, options.addressHold ?? ADDRESS_HOLD, clock),
      plain: options.plain ?? false,
      certificatePoll: options.certificatePoll ?? CERTIFICATE_POLL,
      unread: new UnreadBudget(options.unreadLimit),
      connections: 0,
      ...(options.onConnect === undefined ? {} : { onConnect: options.onConnect }),
    };
  }

  get addresses(): Record<string, Endpoint> {
    return Object.fromEntries(this.#listeners.map((each) => [each.spec.name, each.address]));
  }

  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  async start(descriptors: ReadonlyMap<string, number>): Promise<void> {
    const budget = this.#budget(this.#spec);
    try {
      for (const each of this.#spec.listeners) {
        const listener = new Listener(each, budget.get(each.name) ?? each.maxConnections, this.#shared);
        await listener.listen(descriptors.get(each.name));
        this.#listeners.push(listener);
      }
    } catch (error) {
      for (const listener of this.#listeners) stop(listener);
      throw error;
    }
    this.#shared.wheel.start();
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP);
    this.#sweeper.unref();
  }

  #budget(spec: BalancerSpec): ReadonlyMap<string, number> {
    const budget = descriptorBudget(spec, this.#options.descriptorLimit ?? descriptorLimit());
    this.#warnings = descriptorWarnings(spec, budget);
    for (const warning of this.#warnings) this.#shared.log.warning(warning.code, warning.message);
    return budget.connections;
  }

  stats(): BalancerStats {
    return atOnce(this.statsInSteps());
  }

  statsInSteps(): Work<BalancerStats> {
    return collectStats(this.#listeners, {
      startedAt: this.#startedAt,
      reloadedAt: this.#reloadedAt,
      draining: this.#closing !== undefined,
      now: this.#shared.clock(),
    });
  }

  words(): Work<Record<string, string>> {
    return collectWords(this.#listeners);
  }

  isWell(): boolean {
    const served = this.#listeners.every((listener) =>
      listener.group.backends.some(({ state }) => state === "up"),
    );
    return served && this.#closing === undefined;
  }

  drain(backend: string): void {
    for (const [listener, found] of this.#find(backend)) listener.group.setDraining(found, true);
  }

  ready(backend: string): void {
    for (const [listener, found] of this.#find(backend)) listener.group.setDraining(found, false);
  }

  async whenUnused(backend: string, signal: AbortSignal): Promise<void> {
    await Promise.all(this.#find(backend).map(([listener, found]) => listener.whenUnused(found, signal)));
  }

  /** `NAME`, or `LISTENER/NAME` for the backend of one listener only. */
  #find(wanted: string): [Listener, Backend][] {
    const found = this.#listeners.flatMap((listener) =>
      listener.group.backends
        .filter((each) => each.name === wanted || `${listener.spec.name}/${each.name}` === wanted)
        .map((each): [Listener, Backend] => [listener, each]),
    );
    if (found.length > 0) return found;
    const names = [...new Set(this.#listeners.flatMap((each) => each.group.backends.map((one) => one.name)))];
    throw balancerControlFailure("unknown-backend", { backend: wanted, known: names });
  }

  async reload(spec: BalancerSpec): Promise<void> {
    const budget = this.#budget(spec);
    const before = new Map(this.#listeners.map((each) => [each.spec.name, each] as const));
    const fresh: Listener[] = [];
    try {
      // All of them first: a certificate that is no good leaves everything as it was.
      const materials = new Map<string, Material>();
      for (const each of spec.listeners) materials.set(each.name, await readMaterial(each));
      for (const each of spec.listeners) {
        if (before.has(each.name)) continue;
        const listener = new Listener(each, budget.get(each.name) ?? each.maxConnections, this.#shared);
        await listener.listen();
        fresh.push(listener);
      }
      for (const each of spec.listeners) {
        const material = materials.get(each.name) ?? { identity: undefined, trust: undefined };
        await before.get(each.name)?.reload(each, budget.get(each.name) ?? each.maxConnections, material);
      }
    } catch (error) {
      for (const listener of fresh) stop(listener);
      throw error;
    }
    const names = new Set(spec.listeners.map((each) => each.name));
    for (const listener of this.#listeners) {
      if (names.has(listener.spec.name)) continue;
      listener.stopListening();
      this.#leaving.add(listener);
    }
    this.#listeners = spec.listeners.flatMap(
      (each) => before.get(each.name) ?? fresh.find((one) => one.spec.name === each.name) ?? [],
    );
    this.#spec = spec;
    this.#reloadedAt = new Date();
    this.#shared.log.info("reloaded", "the specification has been reloaded");
  }

  close(options: { readonly deadline?: number } = {}): Promise<void> {
    if ((options.deadline ?? 0) <= 0) this.#cutNow?.();
    this.#closing ??= this.#close(options.deadline ?? 0);
    return this.#closing;
  }

  async #close(deadline: number): Promise<void> {
    for (const listener of this.#listeners) listener.stopListening();
    if (deadline > 0) await this.#finished(deadline);
    for (const listener of [...this.#listeners, ...this.#leaving]) {
      for (const connection of [...listener.connections]) connection.end("K-", "the balancer stops");
    }
    await this.#finished(1);
    for (const listener of [...this.#listeners, ...this.#leaving]) listener.stop();
    this.#shared.wheel.stop();
    clearInterval(this.#sweeper);
    dropFreeBuffers();
    this.#shared.log.flush();
  }

  /** Resolves when the last connection has ended, after `seconds`, or when asked to cut. */
  #finished(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const until = this.#shared.clock() + seconds * 1000;
      const timer = setInterval(() => {
        if (this.#shared.connections === 0 || this.#shared.clock() >= until) settle();
      }, 10);
      const settle = (): void => {
        clearInterval(timer);
        this.#cutNow = undefined;
        resolve();
      };
      this.#cutNow = settle;
      if (this.#shared.connections === 0) settle();
    });
  }

  #sweep(): void {
    const now = this.#shared.clock();
    for (const listener of this.#listeners) listener.group.table.sweep(now);
    for (const listener of this.#leaving) {
      if (listener.connections.size > 0) continue;
      listener.stop();
      this.#leaving.delete(listener);
    }
    if (this.#shared.connections === 0) dropFreeBuffers();
  }
}

function stop(listener: Listener): void {
  listener.stopListening();
  listener.stop();
}
