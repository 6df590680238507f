import type { Kerberos } from "../gssapi/kerberos.ts";
import type { ClientHandler } from "../relay/client-handler.ts";
import type { RouterStats } from "../stats/stats.ts";
import { monotonic } from "../time/clock.ts";
import { TICK } from "./clock.ts";
import { RoutedConnection } from "./connection.ts";
import type { RoutedClient } from "./contract.ts";
import { Drains } from "./load/drains.ts";
import { makeParts, type RouterParts, type SessionRouterOptions } from "./parts.ts";
import { type RoutingTimeouts, withDefaults } from "./timeouts.ts";

/** Ticks between two sweeps of the table. */
const SWEEP_TICKS = 30;

/**
 * Balances sessions instead of connections: every HiveServer2 call on any connection reaches the backend that owns its
 * session. One router per listener; it lives through reloads.
 *
 * The way of a call: the listener hands a `RoutedClient` to {@link accept} and tells the `RoutedConnection` what its
 * socket says. `Recognition` recognises the `Transport`; one that is not routed is given back (`fallBack`). The
 * transport's login, if it has one, is made with a first backend. Then `Calls` reads one call after the other with a
 * `MessageReader`, and `decide()` says where each goes as soon as its handle is known: to the owner in the
 * `SessionTable`, to the backend that `SessionLoad` chooses for a new session, to anyone, or to whom a `Search` finds
 * by asking. The `Dispatcher` gives the `Link` to that backend, made by `Links` through the listener's `connect` if
 * there is none. The call goes over it unchanged, the reply comes back unchanged, and `learn()` reads from both what
 * the table should know.
 */
export class SessionRouter {
  readonly #parts: RouterParts;
  readonly #drains: Drains;
  readonly #connections = new Map<RoutedClient, RoutedConnection>();
  #ticks = 0;
  #retiring = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param clock milliseconds on a clock that never jumps */
  constructor(options: SessionRouterOptions, clock: () => number = monotonic) {
    const links = () => [...this.#connections.values()].map((each) => each.links);
    this.#parts = makeParts(options, clock, links);
    this.#drains = new Drains(this.#parts.table);
  }

  /**
   * Takes a client connection over. It comes back through `fallBack`, or ends with `end`.
   * @returns must be told whatever the client's socket says until then
   */
  accept(client: RoutedClient): ClientHandler {
    const connection = new RoutedConnection(client, this.#parts, () => this.#connections.delete(client));
    this.#connections.set(client, connection);
    if (this.#retiring) connection.retire();
    if (this.#timer === undefined) {
      this.#parts.clock.restart();
      this.#timer = setInterval(() => this.#tick(), TICK);
      this.#timer.unref();
    }
    return connection;
  }

  /** Applies reloaded time-outs, to present connections too, and keys, to new ones. */
  configure(timeouts: RoutingTimeouts, kerberos?: Kerberos): void {
    this.#parts.settings.timeouts = withDefaults(timeouts);
    this.#parts.settings.kerberos = kerberos;
  }

  /** Sessions of a backend that have been used lately. */
  sessions(backend: string): number {
    return this.#parts.table.sessions(backend);
  }

  /** Operations of a backend that are open and have been used lately. */
  operations(backend: string): number {
    return this.#parts.table.operations(backend);
  }

  /** Client connections that are routed, or not yet told apart. */
  get connections(): number {
    return this.#connections.size;
  }

  stats(): RouterStats {
    const { table, counters } = this.#parts;
    const { sessions, operations } = table.size;
    return {
      ...counters.counts(),
      connections: this.#connections.size,
      sessions,
      operations,
      evicted: table.evicted,
    };
  }

  /**
   * Resolves when no session of the backend has been used for a while (or has been closed): it can then be stopped.
   * @param signal whoever waits has gone: it resolves at once
   */
  whenDrained(backend: string, signal?: AbortSignal): Promise<void> {
    return this.#drains.wait(backend, signal);
  }

  /**
   * Ends every connection between two calls: idle ones now, the others after their reply. Clients that look before they
   * call notice.
   */
  closeIdle(): void {
    this.#retiring = true;
    for (const connection of this.#connections.values()) connection.retire();
  }

  /** Ends every connection now. */
  close(): void {
    for (const connection of [...this.#connections.values()]) connection.finish("K-", "the balancer stops");
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#drains.close();
  }

  #tick(): void {
    const { clock, outages, table, searches, settings } = this.#parts;
    const [any] = this.#connections.keys();
    clock.tick();
    outages.look(any?.backends() ?? []);
    for (const connection of this.#connections.values()) connection.tick(settings.timeouts);
    searches.tick();
    this.#ticks++;
    if (this.#ticks % SWEEP_TICKS === 0) table.sweep(clock.now());
  }
}
