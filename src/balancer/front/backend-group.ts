import type { OnReadOpts, Socket } from "node:net";
import { algorithmRow } from "../algorithms/table.ts";
import { Backend } from "../backends/backend.ts";
import { BackendStates, type StateChanges } from "../backends/backend-states.ts";
import { attempt, UpstreamFault } from "../backends/connect/attempt.ts";
import { type Choice, hasSlot, Pool } from "../backends/pool/pool.ts";
import { StickTable } from "../backends/pool/stick-table.ts";
import type { Kerberos } from "../gssapi/kerberos.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import type { Security } from "./security.ts";
import type { Shared } from "./shared.ts";
import { type SlotWaiter, WaitQueue } from "./wait-queue.ts";

/** Ends what is relayed to a backend. */
export type EndRelays = (backend: Backend, termination: string, reason: string) => void;

/** The backends of one listener: which gets a connection, how it is made, and who waits for a slot. */
export class BackendGroup implements StateChanges {
  spec: ListenerSpec;
  backends: readonly Backend[];
  readonly queue = new WaitQueue<SlotWaiter<Backend>>();
  readonly table: StickTable;
  /** How checks log in; undefined: without Kerberos. */
  kerberos: Kerberos | undefined;
  /** Attempts after a failed one, since the start. */
  retries = 0;
  readonly #shared: Shared;
  readonly #endRelays: EndRelays;
  readonly #security: Security;
  readonly #states: BackendStates;
  #pool: Pool<Backend>;
  /** Who waits until a backend has no connection any more. */
  readonly #idle = new Map<Backend, Set<() => void>>();

  /** @param security how to speak TLS with the backends */
  constructor(spec: ListenerSpec, shared: Shared, security: Security, endRelays: EndRelays) {
    this.spec = spec;
    this.#security = security;
    this.#shared = shared;
    this.#endRelays = endRelays;
    this.backends = spec.backends.map((each) => new Backend(each, spec.health));
    this.table = new StickTable(stickOptions(spec));
    this.#pool = poolOf(spec, this.table);
    this.#states = new BackendStates(this, {
      log: shared.log,
      resolver: shared.resolver,
      clock: shared.clock,
      dialer: () => security.dialer,
    });
  }

  /** Begins to check the backends. */
  watch(): void {
    this.#states.watch(this.backends);
  }

  /** Applies a changed specification: counters, stickiness and health stay, and who waits is placed anew. */
  configure(spec: ListenerSpec): void {
    const kept = new Map(this.backends.map((each) => [each.name, each] as const));
    this.spec = spec;
    this.backends = spec.backends.map((each) => {
      const backend = kept.get(each.name);
      if (backend === undefined || backend.address !== each.address) return new Backend(each, spec.health);
      backend.configure(each);
      return backend;
    });
    this.table.configure(stickOptions(spec));
    this.#pool = poolOf(spec, this.table);
    this.watch();
    for (const waiter of this.queue.takeAll()) waiter.reconsider();
  }

  /** No more checks. */
  stop(): void {
    this.#states.stop();
  }

  find(name: string): Backend | undefined {
    return this.backends.find((each) => each.name === name);
  }

  choose(source: string, tried: ReadonlySet<string>): Choice<Backend> {
    return this.#pool.choose(this.backends, { source, tried, now: this.#shared.clock() });
  }

  /** True if a usable backend has not been tried yet. */
  others(tried: ReadonlySet<string>): boolean {
    return this.backends.some((each) => each.usable && each.weight > 0 && !tried.has(each.name));
  }

  /**
   * Takes a slot of the backend and connects to it; a failure counts for its health unless it is our own.
   * The slot is given back with {@link release}.
   * @param onread how to read where reused buffers work; undefined: a plain stream
   * @param through the client itself speaks TLS with the backend: none of ours
   * @returns breaks the attempt off
   */
  connect(
    backend: Backend,
    onread: OnReadOpts | undefined,
    done: (result: Socket | UpstreamFault) => void,
    through = false,
  ): () => void {
    backend.active++;
    const { resolver, clock, plain, onConnect } = this.#shared;
    const began = clock();
    return attempt(
      {
        endpoint: backend.endpoint,
        resolver,
        timeout: this.spec.timeouts.connect,
        keepAlive: this.spec.keepAlive,
        dialer: through ? undefined : this.#security.dialer,
        ...(plain || onread === undefined ? {} : { onread }),
      },
      (result) => {
        if (result instanceof UpstreamFault) this.#states.connectFailed(backend, result);
        else onConnect?.(this.spec.name, backend.name, (clock() - began) / 1000);
        done(result);
      },
    );
  }

  /** Gives a slot back; the next who waits for one gets it. */
  release(backend: Backend): void {
    backend.active--;
    this.#serveQueue(backend);
    if (backend.active === 0) for (const told of this.#idle.get(backend) ?? []) told();
  }

  /** Resolves when the backend has no connection any more, or `signal` says that nobody waits any longer. */
  async whenUnused(backend: Backend, signal: AbortSignal): Promise<void> {
    if (backend.active === 0 || signal.aborted) return;
    const waiting = this.#idle.get(backend) ?? new Set();
    this.#idle.set(backend, waiting);
    await new Promise<void>((resolve) => {
      const told = (): void => {
        waiting.delete(told);
        if (waiting.size === 0) this.#idle.delete(backend);
        resolve();
      };
      waiting.add(told);
      signal.addEventListener("abort", told, { once: true });
    });
  }

  #serveQueue(backend: Backend): void {
    // A reload may have taken it away: its last connections end, but it gets no new ones.
    if (!this.backends.includes(backend)) return;
    while (this.queue.length > 0 && backend.usable && hasSlot(backend)) {
      const waiter = this.queue.take(backend.name);
      if (waiter === undefined) return;
      waiter.granted(backend);
    }
  }

  usable(backend: Backend): void {
    if (this.spec.endBackupOnRecovery && !backend.backup && backend.weight > 0) this.#endBackup();
    this.#serveQueue(backend);
  }

  /**
   * Their clients come back to those that are no backup. What is routed by session stays: its sessions live where
   * they are.
   */
  #endBackup(): void {
    for (const backend of this.backends) {
      if (backend.backup) this.#endRelays(backend, "U-", "it used a backup, and that is no longer needed");
    }
  }

  unusable(backend: Backend): void {
    const others = this.backends.some((each) => each.usable);
    for (const waiter of this.queue.takeAll(others ? backend.name : undefined)) waiter.reconsider();
  }

  lost(backend: Backend): void {
    this.#endRelays(backend, "D-", "the backend is down");
    for (const socket of backend.routed) socket.destroy();
  }

  /** An administrator stops, or again allows, new connections to a backend. */
  setDraining(backend: Backend, draining: boolean): void {
    this.#states.setDraining(backend, draining);
  }
}

function stickOptions(spec: ListenerSpec): { expire: number; size: number } {
  return { expire: spec.stickiness.expire * 1000, size: spec.stickiness.size };
}

function poolOf(spec: ListenerSpec, table: StickTable): Pool<Backend> {
  const { sticky } = algorithmRow(spec.balance);
  return new Pool(spec.balance, spec.slowStart * 1000, sticky ? table : undefined);
}
