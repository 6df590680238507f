import type { OnReadOpts, Socket } from "node:net";
import { type Endpoint, parseEndpoint } from "../domain/endpoint.ts";
import { Backend } from "./backend.ts";
import { Connection } from "./connection.ts";
import { logEnd, logRefusal } from "./connection-log.ts";
import type { CheckResult } from "./health/check.ts";
import { HealthMonitor } from "./health/monitor.ts";
import { Admission, plainAddress, type Refusal } from "./limits.ts";
import { type ListeningSocket, openListeningSocket } from "./listening-socket.ts";
import type { Log } from "./log.ts";
import { type Choice, hasSlot, Pool } from "./pool/pool.ts";
import { StickTable } from "./pool/stick-table.ts";
import type { Resolver } from "./resolver.ts";
import { ListenerClient } from "./routed-client.ts";
import { createRouter } from "./routing.ts";
import type { SessionRouter } from "./session/router.ts";
import type { ListenerSpec } from "./spec.ts";
import type { TimerWheel } from "./timer-wheel.ts";
import { attempt, UpstreamFault } from "./upstream.ts";
import { type SlotWaiter, WaitQueue } from "./wait-queue.ts";

/** What the listeners of one balancer share. */
export interface Shared {
  readonly log: Log;
  readonly wheel: TimerWheel;
  readonly clock: () => number;
  readonly resolver: Resolver;
  /** Upstream sockets are plain streams because reading into reused buffers failed its self-test. */
  readonly plain: boolean;
  /** Connections of all listeners. */
  connections: number;
  /** Told of every connection made to a backend; seconds. For the metrics. */
  onConnect?: (listener: string, backend: string, seconds: number) => void;
}

/** One listening address with its backends: admits connections, chooses, connects, queues and counts. */
export class Listener {
  spec: ListenerSpec;
  backends: readonly Backend[];
  readonly queue = new WaitQueue<SlotWaiter<Backend>>();
  readonly connections = new Set<Connection>();
  readonly refused: Record<Refusal, number> = { "not-allowed": 0, full: 0, "source-full": 0 };
  readonly terminations = new Map<string, number>();
  readonly table: StickTable;
  total = 0;
  retries = 0;
  bytesToClient = 0;
  bytesToBackend = 0;
  maxConnections: number;
  readonly #shared: Shared;
  readonly #monitor: HealthMonitor;
  readonly #sources = new Map<string, number>();
  #pool: Pool<Backend>;
  #admission: Admission;
  #socket: ListeningSocket | undefined;
  #router: SessionRouter | undefined;

  constructor(spec: ListenerSpec, maxConnections: number, shared: Shared) {
    this.spec = spec;
    this.maxConnections = maxConnections;
    this.#shared = shared;
    this.backends = spec.backends.map((each) => new Backend(each, spec.health));
    this.table = new StickTable(stickOptions(spec));
    this.#pool = poolOf(spec, this.table);
    this.#admission = new Admission(spec, maxConnections);
    this.#router = this.#routerFor(spec);
    this.#monitor = new HealthMonitor(spec.health, {
      resolver: shared.resolver,
      clock: shared.clock,
      onResult: (backend, result) => this.#checked(backend, result),
    });
  }

  get wheel(): TimerWheel {
    return this.#shared.wheel;
  }

  get clock(): () => number {
    return this.#shared.clock;
  }

  get plain(): boolean {
    return this.#shared.plain;
  }

  /** Where it listens, with the real port. */
  get address(): Endpoint {
    return this.#socket?.address ?? parseEndpoint(this.spec.bind);
  }

  /**
   * Opens the listening socket (or takes an inherited descriptor) and begins to check the backends.
   * @throws Failure `settings` or `auth`: the address is in use, not local, or not permitted
   */
  async listen(descriptor?: number): Promise<void> {
    this.#socket = await this.#open(this.spec, descriptor);
    this.#monitor.watch(this.backends, this.spec.health);
  }

  #open(spec: ListenerSpec, descriptor?: number): Promise<ListeningSocket> {
    return openListeningSocket(spec, {
      descriptor,
      fast: () => !this.plain,
      keepAlive: () => this.spec.keepAlive,
      accept: (socket, plain) => this.#accept(socket, plain),
      onError: (error) => this.#shared.log.error("listener-error", `${spec.name}: ${error.message}`),
    });
  }

  /**
   * Applies a changed specification: connections, counters, stickiness and health stay. A changed address is opened before the
   * old one is closed. @throws Failure as {@link listen}; nothing has changed then
   */
  async reload(spec: ListenerSpec, maxConnections: number): Promise<void> {
    if (spec.bind !== this.spec.bind) {
      const before = this.#socket;
      this.#socket = await this.#open(spec);
      before?.server.close();
    }
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
    this.maxConnections = maxConnections;
    this.#admission = new Admission(spec, maxConnections);
    this.#router = this.#routerFor(spec);
    this.#monitor.watch(this.backends, spec.health);
    for (const waiter of this.queue.takeAll()) waiter.reconsider();
  }

  /** The router lives through reloads; one that is no longer wanted keeps the connections that it has. */
  #routerFor(spec: ListenerSpec): SessionRouter | undefined {
    if (spec.balance !== "session") return undefined;
    this.#router?.configure(spec.timeouts);
    return this.#router ?? createRouter(spec, this.#shared.log, this.clock);
  }

  /** What the session router knows, when connections are routed by session. */
  get routing(): SessionRouter | undefined {
    return this.#router;
  }

  /** Accepts nothing more; what is there goes on, but routed connections end between two calls, where their clients notice. */
  stopListening(): void {
    this.#router?.closeIdle();
    this.#socket?.server.close();
  }

  /** No more checks and timers; connections are gone by now. */
  stop(): void {
    this.#monitor.stop();
    this.#router?.close();
  }

  #accept(socket: Socket, plain: boolean): void {
    this.total++;
    const address = socket.remoteAddress;
    if (address === undefined) {
      socket.destroy();
      return;
    }
    const source = plainAddress(address);
    const family = source === address ? (socket.remoteFamily ?? "IPv4") : "IPv4";
    const ofSource = this.#admission.countsSources ? (this.#sources.get(source) ?? 0) : 0;
    const refusal = this.#admission.refuses(source, family, this.connections.size, ofSource);
    if (refusal !== undefined) {
      this.#refuse(socket, source, refusal);
      return;
    }
    const connection = new Connection(this, socket, source, plain);
    this.connections.add(connection);
    this.#shared.connections++;
    if (this.#admission.countsSources) this.#sources.set(source, ofSource + 1);
    if (this.#shared.log.enabled("debug")) {
      this.#shared.log.debug(
        "connection-start",
        `${source}:${connection.port} connected to ${this.spec.name}`,
      );
    }
    if (this.#router === undefined) connection.start();
    else {
      connection.route();
      this.#router.accept(new ListenerClient(connection, this));
    }
  }

  #refuse(socket: Socket, source: string, refusal: Refusal): void {
    this.refused[refusal]++;
    const port = socket.remotePort ?? 0;
    socket.on("error", () => undefined);
    socket.destroy();
    this.#count("PC");
    logRefusal(this.#shared.log, this.spec.name, source, port, refusal);
  }

  choose(source: string, tried: ReadonlySet<string>): Choice<Backend> {
    return this.#pool.choose(this.backends, { source, tried, now: this.clock() });
  }

  /** True if a usable backend has not been tried yet. */
  others(tried: ReadonlySet<string>): boolean {
    return this.backends.some((each) => each.usable && each.weight > 0 && !tried.has(each.name));
  }

  /**
   * Takes a slot of the backend and connects to it; a failure counts for its health unless it is our own.
   * The slot is given back with {@link release}. @param onread how to read where reused buffers work
   */
  connect(backend: Backend, onread: OnReadOpts, done: (result: Socket | UpstreamFault) => void): () => void {
    backend.active++;
    const began = this.clock();
    return attempt(
      {
        endpoint: backend.endpoint,
        resolver: this.#shared.resolver,
        timeout: this.spec.timeouts.connect,
        keepAlive: this.spec.keepAlive,
        ...(this.plain ? {} : { onread }),
      },
      (result) => {
        if (result instanceof UpstreamFault) this.#connectFailed(backend, result);
        else this.#shared.onConnect?.(this.spec.name, backend.name, (this.clock() - began) / 1000);
        done(result);
      },
    );
  }

  /** Gives a slot back; the next who waits for one gets it. */
  release(backend: Backend): void {
    backend.active--;
    this.#serveQueue(backend);
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

  #connectFailed(backend: Backend, fault: UpstreamFault): void {
    if (fault.reason === "local") {
      this.#shared.log.warning("local-fault", `cannot connect to anything: ${fault.message}`);
      return;
    }
    backend.connectFailures++;
    this.#shared.log.debug("connect-failed", `${this.spec.name}/${backend.name}: ${fault.message}`);
    if (backend.health.status === "up") {
      this.#changed(backend, backend.result(false, this.spec.health, this.clock()), fault.message);
    }
    this.#monitor.hurry(backend);
  }

  #checked(backend: Backend, result: CheckResult): void {
    backend.lastCheck = { ...result, at: new Date() };
    if (result.verdict === "unknown") return;
    const now = this.clock();
    const good = result.verdict !== "failed";
    if (good) backend.checksGood++;
    else backend.checksFailed++;
    const health = backend.result(good, this.spec.health, now);
    const stopping = backend.setStopping(result.verdict === "stopping", now);
    this.#changed(backend, health || stopping, result.message);
    backend.unreachable = !good && result.level === "connect" ? backend.unreachable + 1 : 0;
    // Connections are given up only when the backend cannot even be reached: one that is merely busy may still serve them.
    if (backend.health.status === "down" && backend.unreachable >= this.spec.health.fall)
      this.#abandon(backend);
  }

  #changed(backend: Backend, changed: boolean, why: string): void {
    if (!changed) return;
    const name = `${this.spec.name}/${backend.name}`;
    const level = backend.state === "up" ? "info" : "warning";
    this.#shared.log.line(level, "backend-state", `${name} is ${backend.state.toUpperCase()}: ${why}`, {
      listener: this.spec.name,
      backend: backend.name,
      state: backend.state,
    });
    if (backend.usable) this.#serveQueue(backend);
    else {
      const usable = this.backends.some((each) => each.usable);
      for (const waiter of this.queue.takeAll(usable ? backend.name : undefined)) waiter.reconsider();
    }
  }

  #abandon(backend: Backend): void {
    for (const connection of [...this.connections]) {
      if (connection.relays(backend)) connection.end("D-", "the backend is down");
    }
    for (const socket of backend.lent) socket.destroy();
  }

  /** An administrator stops, or again allows, new connections to a backend. */
  setDraining(backend: Backend, draining: boolean): void {
    const changed = backend.setDraining(draining, this.clock());
    this.#changed(backend, changed, draining ? "drained by the administrator" : "ready again");
  }

  /** A connection has reached its backend. */
  opened(connection: Connection, backend: Backend): void {
    connection.sticks = true;
    this.table.opened(connection.source, backend.name, this.clock());
  }

  /** Both sides of a connection are gone: count and log it. */
  ended(connection: Connection): void {
    if (!this.connections.delete(connection)) return;
    const active = this.#shared.connections--;
    const { source } = connection;
    if (connection.sticks) this.table.closed(source, this.clock());
    if (this.#admission.countsSources || this.#sources.size > 0) this.#leave(source);
    this.bytesToClient += connection.bytesToClient;
    this.bytesToBackend += connection.bytesToBackend;
    this.#count(connection.termination ?? "--");
    logEnd(this.#shared.log, connection, active);
  }

  #leave(source: string): void {
    const left = (this.#sources.get(source) ?? 0) - 1;
    if (left > 0) this.#sources.set(source, left);
    else this.#sources.delete(source);
  }

  #count(termination: string): void {
    this.terminations.set(termination, (this.terminations.get(termination) ?? 0) + 1);
  }
}

function stickOptions(spec: ListenerSpec): { expire: number; size: number } {
  return { expire: spec.stickiness.expire * 1000, size: spec.stickiness.size };
}

function poolOf(spec: ListenerSpec, table: StickTable): Pool<Backend> {
  const sticky = spec.balance === "source" || spec.balance === "session";
  return new Pool(spec.balance, spec.slowStart * 1000, sticky ? table : undefined);
}
