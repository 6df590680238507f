import type { ClientHandler } from "../relay/client-handler.ts";
import type { RouterStats } from "../stats/stats.ts";
import { monotonic } from "../time/clock.ts";
import { chooseForSession } from "./choose.ts";
import { RoutedConnection } from "./connection.ts";
import type { BackendView, RoutedClient } from "./contract.ts";
import type { SessionEvent } from "./events.ts";
import type { Link } from "./link.ts";
import type { Counters, RouterServices, RoutingTimeouts } from "./services.ts";
import { SessionTable, type TableOptions } from "./table.ts";

export interface SessionRouterOptions {
  readonly timeouts: RoutingTimeouts;
  readonly table?: TableOptions;
  /** Most bytes of one call. Default 256 MiB. */
  readonly maxCall?: number;
  /** Told of what an administrator may want to know. */
  readonly onEvent?: (event: SessionEvent) => void;
}

/** Bytes of calls held in memory, all connections together. */
const HOLD_LIMIT = 64 * 1024 * 1024;
const MAX_CALL = 256 * 1024 * 1024;
const DEFAULT_TIMEOUTS = { firstByte: 0, unfinished: 60, lost: 5 };
const TICK = 1000;
/** Ticks between two sweeps of the table. */
const SWEEP_TICKS = 30;

/**
 * Balances sessions instead of connections: every HiveServer2 call on any connection reaches the backend that owns its session.
 * One router per listener; it lives through reloads.
 */
export class SessionRouter implements RouterServices {
  readonly table: SessionTable;
  timeouts: Required<RoutingTimeouts>;
  readonly counters: Counters = {
    calls: 0,
    sessionsOpened: 0,
    ownersLost: 0,
    handlesAsked: 0,
    handlesFound: 0,
    notUnderstood: 0,
    fallbacks: { thrift: 0, "sasl-plain": 0, "sasl-gssapi": 0, tls: 0, http: 0, unknown: 0 },
  };
  readonly now: () => number;
  readonly maxCall: number;
  readonly #options: SessionRouterOptions;
  readonly #connections = new Map<RoutedClient, RoutedConnection>();
  readonly #opening = new Map<string, number>();
  readonly #waiting: { readonly backend: string; readonly resolve: () => void }[] = [];
  #held = 0;
  /** Running time since when a backend has been out of reach. */
  readonly #lostSince = new Map<string, number>();
  /** Connections that wait because their backend has no slot left. */
  readonly #wanted = new Map<string, number>();
  readonly #chosen = new Map<string, number>();
  #turn = 0;
  #running = 0;
  #last: number;
  #ticks = 0;
  #retiring = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param clock milliseconds on a clock that never jumps */
  constructor(options: SessionRouterOptions, clock: () => number = monotonic) {
    this.#options = options;
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.table = new SessionTable(options.table);
    this.maxCall = options.maxCall ?? MAX_CALL;
    this.now = clock;
    this.#last = clock();
  }

  /**
   * Takes a client connection over. It comes back through `fallBack`, or ends with `end`.
   * @returns must be told whatever the client's socket says until then
   */
  accept(client: RoutedClient): ClientHandler {
    const connection = new RoutedConnection(client, this);
    this.#connections.set(client, connection);
    if (this.#retiring) connection.retire();
    if (this.#timer === undefined) {
      this.#last = this.now();
      this.#timer = setInterval(() => this.#tick(), TICK);
      this.#timer.unref();
    }
    return connection;
  }

  /** Applies reloaded time-outs, to present connections too. */
  configure(timeouts: RoutingTimeouts): void {
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...timeouts };
  }

  /** Sessions of a backend that have been used lately. */
  sessions(backend: string): number {
    return this.table.sessions(backend);
  }

  /** Operations of a backend that are open and have been used lately. */
  operations(backend: string): number {
    return this.table.operations(backend);
  }

  /** Client connections that are routed, or not yet told apart. */
  get connections(): number {
    return this.#connections.size;
  }

  stats(): RouterStats {
    const { fallbacks, ...counters } = this.counters;
    const { sessions, operations } = this.table.size;
    return {
      ...counters,
      fallbacks: { ...fallbacks },
      connections: this.#connections.size,
      sessions,
      operations,
      evicted: this.table.evicted,
    };
  }

  /**
   * Resolves when no session of the backend has been used for a while (or has been closed): it can then be stopped.
   * @param signal whoever waits has gone: it resolves at once
   */
  whenDrained(backend: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const waiter = { backend, resolve };
      this.#waiting.push(waiter);
      const leave = (): void => {
        if (this.#waiting.includes(waiter)) this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        resolve();
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.tableChanged();
    });
  }

  /** Ends every connection between two calls: idle ones now, the others after their reply. Clients that look before they call notice. */
  closeIdle(): void {
    this.#retiring = true;
    for (const connection of this.#connections.values()) connection.retire();
  }

  /** Ends every connection now. */
  close(): void {
    for (const connection of [...this.#connections.values()]) connection.finish("K-", "the balancer stops");
    clearInterval(this.#timer);
    this.#timer = undefined;
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  running(): number {
    return this.#running;
  }

  choose(backends: readonly BackendView[], tried: ReadonlySet<string>): BackendView | undefined {
    const load = (backend: string) => ({
      sessions: this.table.sessions(backend) + (this.#opening.get(backend) ?? 0),
      operations: this.table.operations(backend),
      lastChosen: this.#chosen.get(backend) ?? 0,
    });
    const choice = chooseForSession(backends, load, tried);
    if (choice !== undefined) this.#chosen.set(choice.name, ++this.#turn);
    return choice;
  }

  reserve(backend: string, by: 1 | -1): void {
    this.#opening.set(backend, (this.#opening.get(backend) ?? 0) + by);
  }

  hold(bytes: number): void {
    this.#held += bytes;
  }

  get mayHold(): boolean {
    return this.#held < HOLD_LIMIT;
  }

  onEvent(event: SessionEvent): void {
    this.#options.onEvent?.(event);
  }

  tableChanged(): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const waiting = this.#waiting[i];
      if (waiting === undefined || this.table.sessions(waiting.backend) > 0) continue;
      this.#waiting.splice(i, 1);
      waiting.resolve();
    }
  }

  makeRoom(backend: BackendView | undefined): () => void {
    const { name, active = 0, maxConnections = 0 } = backend ?? {};
    if (name === undefined || maxConnections === 0 || active < maxConnections) return nothing;
    this.#wanted.set(name, (this.#wanted.get(name) ?? 0) + 1);
    this.#releaseOne(name);
    return () => {
      this.#wanted.set(name, (this.#wanted.get(name) ?? 0) - 1);
    };
  }

  isWanted(backend: string): boolean {
    return (this.#wanted.get(backend) ?? 0) > 0;
  }

  #releaseOne(name: string): void {
    let victim: { readonly link: Link; readonly owner: RoutedConnection } | undefined;
    for (const owner of this.#connections.values()) {
      const link = owner.links.get(name);
      if (link === undefined || link.busy || link.broken) continue;
      // One that owns a session is closed only when there is no other: Impala since 3.3 keeps the session, Hue opens a new one otherwise.
      const better = victim === undefined || (link.guest && !victim.link.guest);
      const older =
        victim !== undefined && link.guest === victim.link.guest && link.lastUse < victim.link.lastUse;
      if (better || older) victim = { link, owner };
    }
    victim?.owner.links.release(victim.link);
  }

  left(client: RoutedClient): void {
    this.#connections.delete(client);
  }

  /** A backend that has gone down has lost its sessions: what it owned must not keep new ones away when it is back. */
  #lookForLost(): void {
    const [any] = this.#connections.keys();
    for (const backend of any?.backends() ?? []) {
      if (backend.reachable) this.#lostSince.delete(backend.name);
      else {
        this.table.lose(backend.name);
        if (!this.#lostSince.has(backend.name)) this.#lostSince.set(backend.name, this.#running);
      }
    }
  }

  lostFor(backend: string): number {
    const since = this.#lostSince.get(backend);
    return since === undefined ? 0 : (this.#running - since) / 1000;
  }

  #tick(): void {
    const now = this.now();
    this.#running += Math.min(Math.max(0, now - this.#last), 2 * TICK);
    this.#last = now;
    this.#lookForLost();
    for (const connection of this.#connections.values()) connection.tick(this.#running);
    this.#ticks++;
    if (this.#ticks % SWEEP_TICKS === 0) this.table.sweep(now);
    this.tableChanged();
  }
}

function nothing(): void {
  // There was room.
}
