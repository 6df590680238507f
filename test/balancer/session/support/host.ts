import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { BackendView, ConnectFault, RoutedClient } from "../../../../src/balancer/session/contract.ts";
import type { SessionEvent } from "../../../../src/balancer/session/events.ts";
import type { SessionRouterOptions } from "../../../../src/balancer/session/parts.ts";
import { SessionRouter } from "../../../../src/balancer/session/router.ts";

export interface HostBackend {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  weight?: number;
  backup?: boolean;
  usable?: boolean;
  reachable?: boolean;
  /** Its connections are used up: whoever wants one waits in vain. */
  full?: boolean;
}

/** The smallest listener that a session router can work for; what it was told is there for the test to look at. */
export class Host {
  readonly router: SessionRouter;
  readonly events: SessionEvent[] = [];
  readonly ends: { termination: string; reason: string | undefined }[] = [];
  readonly fallbacks: { head: Buffer; transport: string }[] = [];
  readonly counted = new Map<string, { toClient: number; toBackend: number }>();
  /** Upstream connections made, by backend. */
  readonly connects = new Map<string, number>();
  readonly backends: HostBackend[];
  readonly #server: Server;

  private constructor(
    backends: HostBackend[],
    options: Partial<SessionRouterOptions>,
    server: Server,
    clock?: () => number,
  ) {
    this.backends = backends;
    this.#server = server;
    this.router = new SessionRouter(
      {
        timeouts: { client: 3600, server: 3600 },
        onEvent: (event) => this.events.push(event),
        ...options,
      },
      clock,
    );
    server.on("connection", (socket) => {
      const handler = this.router.accept(this.#client(socket));
      socket.on("data", (chunk) => handler.fromClient(chunk));
      socket.on("end", () => handler.clientEnd());
      socket.on("error", (error) => handler.clientError(error));
      socket.on("close", (hadError) => handler.clientClose(hadError));
      socket.on("drain", () => handler.clientDrained());
    });
  }

  static async start(
    backends: HostBackend[],
    options: Partial<SessionRouterOptions> = {},
    clock?: () => number,
  ): Promise<Host> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const host = new Host(backends, options, server, clock);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return host;
  }

  get endpoint(): { host: string; port: number } {
    return { host: "127.0.0.1", port: (this.#server.address() as AddressInfo).port };
  }

  backend(name: string): HostBackend {
    const found = this.backends.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no backend ${name}`);
    return found;
  }

  async close(): Promise<void> {
    this.router.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #client(socket: Socket): RoutedClient {
    return {
      socket,
      source: socket.remoteAddress ?? "",
      backends: () => this.backends.map((each) => this.#view(each)),
      connect: (name, signal, reads) => this.#connect(name, signal, reads),
      fallBack: (head, transport) => {
        this.fallbacks.push({ head, transport });
        socket.on("error", () => undefined);
        socket.destroy();
      },
      count: (name, direction, bytes) => {
        const sums = this.counted.get(name) ?? { toClient: 0, toBackend: 0 };
        sums[direction === "to-client" ? "toClient" : "toBackend"] += bytes;
        this.counted.set(name, sums);
      },
      end: (termination, reason) => {
        this.ends.push({ termination, reason });
        socket.on("error", () => undefined);
        socket.destroy();
      },
    };
  }

  #view(backend: HostBackend): BackendView {
    return {
      name: backend.name,
      address: `${backend.host}:${backend.port}`,
      weight: backend.weight ?? 1,
      backup: backend.backup ?? false,
      usable: backend.usable ?? true,
      reachable: backend.reachable ?? true,
    };
  }

  #connect(
    name: string,
    signal: AbortSignal,
    reads: Parameters<RoutedClient["connect"]>[2],
  ): Promise<Socket> {
    const { host, port, full = false } = this.backend(name);
    this.connects.set(name, (this.connects.get(name) ?? 0) + 1);
    const timeout: ConnectFault = { backend: name, reason: "queue-timeout", message: "no free slot" };
    if (full) return Promise.reject(timeout);
    return new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port,
        noDelay: true,
        allowHalfOpen: true,
        ...(reads && { onread: reads }),
      });
      const failed = (error: Error): void => {
        const fault: ConnectFault = { backend: name, reason: "refused", message: error.message };
        reject(fault);
      };
      socket.once("error", failed);
      signal.addEventListener("abort", () => {
        if (!socket.connecting) return;
        socket.destroy();
        failed(new Error("the client has gone"));
      });
      socket.once("connect", () => {
        socket.removeListener("error", failed);
        resolve(socket);
      });
    });
  }
}
