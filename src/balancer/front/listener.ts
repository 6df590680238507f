import type { Socket } from "node:net";
import { type Endpoint, parseEndpoint } from "../../domain/endpoint.ts";
import type { Backend } from "../backends/backend.ts";
import type { Kerberos } from "../gssapi/kerberos.ts";
import { logEnd, logRefusal } from "../log/connection-log.ts";
import type { EndOfConnection } from "../log/tcplog.ts";
import type { SessionRouter } from "../session/router.ts";
import { type ProtectedListener, withProtection } from "../spec/protective.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import { Admission, plainAddress, REFUSALS, type Refusal } from "./accept/admission.ts";
import { type ListeningSocket, openListeningSocket } from "./accept/listening-socket.ts";
import { SecondLook } from "./accept/second-look.ts";
import { BackendGroup } from "./backend-group.ts";
import { Connection } from "./connection.ts";
import type { ConnectionView, ListenerContext } from "./context.ts";
import { kerberosFor } from "./kerberos.ts";
import { beginRelay } from "./phases/first-bytes.ts";
import { HandshakePhase } from "./phases/handshake.ts";
import { HeaderPhase } from "./phases/header.ts";
import { Routed } from "./phases/routed.ts";
import { createRouter } from "./routing.ts";
import { type Material, readMaterial, Security } from "./security.ts";
import type { Shared } from "./shared.ts";

/** One listening address: admits connections, hands each to its first phase, and counts and logs its end. */
export class Listener implements ListenerContext {
  /** With the limits that were left out. */
  spec: ProtectedListener;
  readonly group: BackendGroup;
  readonly security: Security;
  readonly shared: Shared;
  readonly connections = new Set<ConnectionView>();
  readonly refused: Record<Refusal, number> = { "not-allowed": 0, full: 0, "source-full": 0 };
  readonly terminations = new Map<string, number>();
  /** Since the start; bytes of connections that have ended. */
  total = 0;
  bytesToClient = 0;
  bytesToBackend = 0;
  maxConnections: number;
  readonly #admission: Admission;
  readonly #secondLook = new SecondLook();
  /** Connections that count for the limit: those whose clients have not left. */
  #places = 0;
  /** Connections whose clients have left, in that order, and which are still answered. */
  readonly #left = new Set<ConnectionView>();
  #socket: ListeningSocket | undefined;
  #router: SessionRouter | undefined;
  #kerberos: Kerberos | undefined;

  constructor(spec: ListenerSpec, maxConnections: number, shared: Shared) {
    this.spec = withProtection(spec);
    this.maxConnections = maxConnections;
    this.shared = shared;
    this.security = new Security(spec, shared);
    this.group = new BackendGroup(spec, shared, this.security, (backend, termination, reason) =>
      this.#endRelays(backend, termination, reason),
    );
    this.#admission = new Admission(this.spec, maxConnections);
    this.#router = this.#routerFor(this.spec);
  }

  /** Where it listens, with the real port. */
  get address(): Endpoint {
    return this.#socket?.address ?? parseEndpoint(this.spec.bind);
  }

  /**
   * Opens the listening socket (or takes an inherited descriptor) and begins to check the backends.
   * @throws Failure `settings` or `auth`: the address is in use, not local, or not permitted; a certificate is no good
   */
  async listen(descriptor?: number): Promise<void> {
    await this.security.use(this.spec, await readMaterial(this.spec));
    this.#useKerberos(await kerberosFor(this.spec, this.shared));
    this.#socket = await this.#open(this.spec, descriptor);
    this.group.watch();
  }

  #open(spec: ListenerSpec, descriptor?: number): Promise<ListeningSocket> {
    return openListeningSocket(spec, {
      descriptor,
      fast: () => !this.shared.plain,
      keepAlive: () => this.spec.keepAlive,
      accept: (socket, plain) => this.#accept(socket, plain),
      onError: (error) => this.shared.log.error("listener-error", `${spec.name}: ${error.message}`),
    });
  }

  /**
   * Applies a changed specification: connections, counters, stickiness and health stay. A changed address is opened
   * before the old one is closed.
   * @param material what the specification needs for TLS
   * @throws Failure as {@link listen}; nothing has changed then
   */
  async reload(spec: ListenerSpec, maxConnections: number, material: Material): Promise<void> {
    const kerberos = await kerberosFor(spec, this.shared, this.#kerberos);
    if (spec.bind !== this.spec.bind) {
      const before = this.#socket;
      this.#socket = await this.#open(spec);
      before?.server.close();
    }
    await this.security.use(spec, material);
    this.spec = withProtection(spec);
    this.maxConnections = maxConnections;
    this.#admission.configure(this.spec, maxConnections);
    this.#useKerberos(kerberos);
    this.group.configure(spec);
  }

  #useKerberos(kerberos: Kerberos | undefined): void {
    if (this.#kerberos !== kerberos) this.#kerberos?.close();
    this.#kerberos = kerberos;
    this.group.kerberos = kerberos;
    this.#router = this.#routerFor(this.spec);
  }

  /** The router lives through reloads; one that is no longer wanted keeps the connections that it has. */
  #routerFor(spec: ListenerSpec): SessionRouter | undefined {
    if (spec.balance !== "session") return undefined;
    this.#router?.configure(spec.timeouts, this.#kerberos);
    return this.#router ?? createRouter(spec, this.#kerberos, this.shared.log, this.shared.clock);
  }

  /** What the session router knows, when connections are routed by session. */
  get routing(): SessionRouter | undefined {
    return this.#router;
  }

  /**
   * Accepts nothing more; what is there goes on, but routed connections end between two calls, where their clients
   * notice.
   */
  stopListening(): void {
    this.#router?.closeIdle();
    this.#socket?.server.close();
  }

  /** No more checks and timers; connections are gone by now. */
  stop(): void {
    this.group.stop();
    this.security.stop();
    this.#router?.close();
    this.#kerberos?.close();
  }

  /**
   * Resolves when nothing uses the backend any more, or `signal` says that nobody waits any longer. Sessions count
   * where calls are routed by session (connections stay open for the sessions of other backends), else connections.
   */
  whenUnused(backend: Backend, signal: AbortSignal): Promise<void> {
    if (this.#router !== undefined) return this.#router.whenDrained(backend.name, signal);
    return this.group.whenUnused(backend, signal);
  }

  #accept(socket: Socket, plain: boolean): void {
    this.total++;
    const address = socket.remoteAddress;
    if (address === undefined) {
      socket.destroy();
      return;
    }
    const source = plainAddress(address);
    const refusal = this.#judge(source);
    if (refusal === undefined && !this.#secondLook.isBusy) {
      this.#admit(socket, source, plain);
      return;
    }
    const again = (last: boolean): boolean => {
      const second = this.#judge(source);
      if (second === undefined) this.#admit(socket, source, plain).resume();
      else if (last) this.#refuse(socket, source, second);
      return second === undefined;
    };
    if (refusal !== "not-allowed" && this.#secondLook.take(again)) socket.pause();
    else if (refusal !== undefined) this.#refuse(socket, source, refusal);
    else this.#admit(socket, source, plain);
  }

  /** Of a proxy's connection it is not known yet whom it is for. */
  #judge(source: string): Refusal | undefined {
    if (!this.#admission.isProxy(source)) return this.#admission.refuses(source, this.#places);
    return this.#admission.isFull(this.#places) ? "full" : undefined;
  }

  #admit(socket: Socket, source: string, plain: boolean): Socket {
    const connection = new Connection(this, socket, source, plain);
    this.connections.add(connection);
    this.#places++;
    this.shared.connections++;
    this.#makeRoom();
    if (this.#admission.isProxy(source)) {
      new HeaderPhase(connection, (rest) => this.#introduced(connection, rest)).start();
    } else this.#begin(connection);
    return socket;
  }

  /** Descriptors are counted out: who has left longest ago gives way, where all are used. */
  #makeRoom(): void {
    const [longest] = this.#left;
    if (longest === undefined || this.#places + this.#left.size <= this.maxConnections) return;
    longest.end("CD", "the client had left, and its place was needed");
  }

  /** A proxy has said whom its connection is for: only now is it known whether that client is welcome. */
  #introduced(connection: Connection, rest: Buffer): void {
    const judge = (): Refusal | undefined => this.#admission.refuses(connection.source, this.#places - 1);
    const refusal = judge();
    if (refusal === undefined) {
      this.#begin(connection, rest);
      return;
    }
    const again = (last: boolean): boolean => {
      if (!this.connections.has(connection)) return true;
      const second = judge();
      if (second === undefined) {
        this.#begin(connection, rest);
        connection.client.resume();
      } else if (last) this.#turnAway(connection, second);
      return second === undefined;
    };
    if (refusal !== "not-allowed" && this.#secondLook.take(again)) connection.client.pause();
    else this.#turnAway(connection, refusal);
  }

  #turnAway(connection: Connection, refusal: Refusal): void {
    this.refused[refusal]++;
    connection.end("PC", REFUSALS[refusal]);
  }

  clientLeft(connection: ConnectionView): void {
    if (!connection.hasPlace) return;
    this.placeFreed(connection);
    this.#left.add(connection);
  }

  placeFreed(connection: ConnectionView): void {
    this.#left.delete(connection);
    if (connection.hasPlace) this.#places--;
    connection.hasPlace = false;
    if (connection.counted) this.#admission.leave(connection.source);
    connection.counted = false;
  }

  /** @param said what the client has said already */
  #begin(connection: Connection, said?: Buffer): void {
    connection.counted = this.#admission.enter(connection.source);
    if (this.shared.log.enabled("debug")) {
      const { source, port } = connection;
      this.shared.log.debug("connection-start", `${source}:${port} connected to ${this.spec.name}`);
    }
    const { acceptor } = this.security;
    if (acceptor === undefined) this.#serve(connection, said);
    else new HandshakePhase(connection, acceptor, () => this.#serve(connection)).start(said);
  }

  #serve(connection: Connection, said?: Buffer): void {
    if (this.#router === undefined) beginRelay(connection, said);
    else new Routed(connection).start(this.#router, said);
  }

  #refuse(socket: Socket, source: string, refusal: Refusal): void {
    this.refused[refusal]++;
    const clientPort = socket.remotePort ?? 0;
    socket.on("error", () => undefined);
    socket.destroy();
    this.#count("PC");
    logRefusal(this.shared.log, {
      listener: this.spec.name,
      clientAddress: source,
      clientPort,
      totalTime: 0,
      termination: "PC",
      reason: REFUSALS[refusal],
    });
  }

  #endRelays(backend: Backend, termination: string, reason: string): void {
    for (const connection of [...this.connections]) {
      if (connection.relays(backend)) connection.end(termination, reason);
    }
  }

  ended(connection: ConnectionView): void {
    if (!this.connections.delete(connection)) return;
    const active = this.shared.connections--;
    this.placeFreed(connection);
    if (connection.sticks) this.group.table.closed(connection.source, this.shared.clock());
    this.bytesToClient += connection.bytesToClient;
    this.bytesToBackend += connection.bytesToBackend;
    this.#count(connection.termination ?? "--");
    if (this.shared.log.enabled("info")) logEnd(this.shared.log, this.#endOf(connection, active));
  }

  /** @param active connections of all listeners, this one included */
  #endOf(connection: ConnectionView, active: number): EndOfConnection {
    const { backend } = connection;
    return {
      listener: this.spec.name,
      backend: backend?.name,
      clientAddress: connection.source,
      clientPort: connection.port,
      accepted: new Date(connection.acceptedAt),
      queueTime: Math.round(connection.queueTime),
      connectTime: Math.round(connection.connectTime),
      totalTime: Math.round(this.shared.clock() - connection.began),
      bytesToClient: connection.bytesToClient,
      bytesToBackend: connection.bytesToBackend,
      termination: connection.termination ?? "--",
      activeConnections: active,
      listenerConnections: this.connections.size + 1,
      backendConnections: backend?.active ?? 0,
      retries: connection.retries,
      redispatched: connection.redispatched,
      backendQueue: connection.backendQueue,
      listenerQueue: connection.listenerQueue,
      reason: connection.reason,
    };
  }

  #count(termination: string): void {
    this.terminations.set(termination, (this.terminations.get(termination) ?? 0) + 1);
  }
}
