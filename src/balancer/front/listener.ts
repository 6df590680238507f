import type { OnReadOpts, Socket } from "node:net";
import { type Endpoint, parseEndpoint } from "../../domain/endpoint.ts";
import { Backend } from "../backends/backend.ts";
import { BackendStates, type StateChanges } from "../backends/backend-states.ts";
import { attempt, UpstreamFault } from "../backends/connect/attempt.ts";
import { type Choice, hasSlot, Pool } from "../backends/pool/pool.ts";
import { StickTable } from "../backends/pool/stick-table.ts";
import { logEnd, logRefusal, REFUSALS } from "../log/connection-log.ts";
import type { SessionRouter } from "../session/router.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import type { TimerWheel } from "../time/timer-wheel.ts";
import { Admission, plainAddress, type Refusal } from "./accept/admission.ts";
import { type ListeningSocket, openListeningSocket } from "./accept/listening-socket.ts";
import { Connection } from "./connection.ts";
import type { Guest, Host, Shared } from "./context.ts";
import { ListenerClient } from "./phases/routed.ts";
import { createRouter } from "./routing.ts";
import { type SlotWaiter, WaitQueue } from "./wait-queue.ts";

/** One listening address with its backends: admits connections, chooses, connects, queues and counts. */
export class Listener implements Host, StateChanges {
  spec: ListenerSpec;
  backends: readonly Backend[];
  readonly queue = new WaitQueue<SlotWaiter<Backend>>();
  readonly connections = new Set<Guest>();
  readonly refused: Record<Refusal, number> = { "not-allowed": 0, full: 0, "source-full": 0 };
  readonly terminations = new Map<string, number>();
  readonly table: StickTable;
  total = 0;
  retries = 0;
  bytesToClient = 0;
  bytesToBackend = 0;
  maxConnections: number;
  readonly #shared: Shared;
  readonly #states: BackendStates;
  readonly #admission: Admission;
  #pool: Pool<Backend>;
  #socket: ListeningSocket | undefined;
  #router: SessionRouter | undefined;
  /** Who waits until nothing uses a backend any more. */
  readonly #idle = new Map<Backend, Set<() => void>>();

  constructor(spec: ListenerSpec, maxConnections: number, shared: Shared) {
    this.spec = spec;
    this.maxConnections = maxConnections;
    this.#shared = shared;
    this.backends = spec.backends.map((each) => new Backend(each, spec.health));
    this.table = new StickTable(stickOptions(spec));
    this.#pool = poolOf(spec, this.table);
    this.#admission = new Admission(spec, maxConnections);
    this.#router = this.#routerFor(spec);
    this.#states = new BackendStates(this, shared);
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
    this.#states.watch(this.backends);
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
    this.#admission.configure(spec, maxConnections);
    this.#router = this.#routerFor(spec);
    this.#states.watch(this.backends);
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
    this.#states.stop();
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
    const proxied = this.#admission.isProxy(source);
    const refusal = proxied ? this.#full() : this.#admission.refuses(source, this.connections.size);
    if (refusal !== undefined) {
      this.#refuse(socket, source, refusal);
      return;
    }
    const connection = new Connection(this, socket, source, plain);
    this.connections.add(connection);
    this.#shared.connections++;
    if (proxied) connection.awaitHeader((rest) => this.#introduced(connection, rest));
    else this.#begin(connection);
  }

  #full(): Refusal | undefined {
    return this.#admission.isFull(this.connections.size) ? "full" : undefined;
  }

  /** A proxy has said whom its connection is for: only now is it known whether that client is welcome. */
  #introduced(connection: Connection, rest: Buffer): void {
    const refusal = this.#admission.refuses(connection.source, this.connections.size - 1);
    if (refusal === undefined) {
      this.#begin(connection, rest);
      return;
    }
    this.refused[refusal]++;
    connection.end("PC", REFUSALS[refusal]);
  }

  /** @param said what the client has said already */
  #begin(connection: Connection, said?: Buffer): void {
    connection.counted = this.#admission.enter(connection.source);
    if (this.#shared.log.enabled("debug")) {
      const { source, port } = connection;
      this.#shared.log.debug("connection-start", `${source}:${port} connected to ${this.spec.name}`);
    }
    if (this.#router === undefined) {
      connection.start(said);
      return;
    }
    const router = this.#router;
    connection.route(() => router.accept(new ListenerClient(connection, this)));
    if (said !== undefined && said.length > 0) connection.fromClient(said);
  }

  #refuse(socket: Socket, source: string, refusal: Refusal): void {
    this.refused[refusal]++;
    const clientPort = socket.remotePort ?? 0;
    socket.on("error", () => undefined);
    socket.destroy();
    this.#count("PC");
    logRefusal(this.#shared.log, {
      listener: this.spec.name,
      clientAddress: source,
      clientPort,
      totalTime: 0,
      termination: "PC",
      reason: REFUSALS[refusal],
    });
  }

  choose(source: string, tried: ReadonlySet<string>): Choice<Backend> {
    return this.#pool.choose(this.backends, { source, tried, now: this.clock() });
  }

  others(tried: ReadonlySet<string>): boolean {
    return this.backends.some((each) => each.usable && each.weight > 0 && !tried.has(each.name));
  }

  connect(
    backend: Backend,
    onread: OnReadOpts | undefined,
    done: (result: Socket | UpstreamFault) => void,
  ): () => void {
    backend.active++;
    const began = this.clock();
    return attempt(
      {
        endpoint: backend.endpoint,
        resolver: this.#shared.resolver,
        timeout: this.spec.timeouts.connect,
        keepAlive: this.spec.keepAlive,
        ...(this.plain || onread === undefined ? {} : { onread }),
      },
      (result) => {
        if (result instanceof UpstreamFault) this.#states.connectFailed(backend, result);
        else this.#shared.onConnect?.(this.spec.name, backend.name, (this.clock() - began) / 1000);
        done(result);
      },
    );
  }

  release(backend: Backend): void {
    backend.active--;
    this.#serveQueue(backend);
    if (backend.active === 0) for (const told of this.#idle.get(backend) ?? []) told();
  }

  /**
   * Resolves when nothing uses the backend any more, or `signal` says that nobody waits any longer. Sessions count where
   * calls are routed by session (connections stay open for the sessions of other backends), else connections.
   */
  async whenUnused(backend: Backend, signal: AbortSignal): Promise<void> {
    if (this.#router !== undefined) return this.#router.whenDrained(backend.name, signal);
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

  /** Their clients come back to those that are no backup. What is routed by session stays: its sessions live where they are. */
  #endBackup(): void {
    for (const connection of [...this.connections]) {
      const { backend } = connection;
      if (backend?.backup === true && connection.relays(backend)) {
        connection.end("U-", "it used a backup, and that is no longer needed");
      }
    }
  }

  unusable(backend: Backend): void {
    const others = this.backends.some((each) => each.usable);
    for (const waiter of this.queue.takeAll(others ? backend.name : undefined)) waiter.reconsider();
  }

  lost(backend: Backend): void {
    for (const connection of [...this.connections]) {
      if (connection.relays(backend)) connection.end("D-", "the backend is down");
    }
    for (const socket of backend.lent) socket.destroy();
  }

  /** An administrator stops, or again allows, new connections to a backend. */
  setDraining(backend: Backend, draining: boolean): void {
    this.#states.setDraining(backend, draining);
  }

  opened(connection: Guest, backend: Backend): void {
    connection.sticks = true;
    this.table.opened(connection.source, backend.name, this.clock());
  }

  ended(connection: Guest): void {
    if (!this.connections.delete(connection)) return;
    const active = this.#shared.connections--;
    const { source } = connection;
    if (connection.sticks) this.table.closed(source, this.clock());
    if (connection.counted) this.#admission.leave(source);
    this.bytesToClient += connection.bytesToClient;
    this.bytesToBackend += connection.bytesToBackend;
    this.#count(connection.termination ?? "--");
    logEnd(this.#shared.log, connection, active);
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
