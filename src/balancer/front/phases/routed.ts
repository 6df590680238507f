import type { OnReadOpts, Socket } from "node:net";
import { effectiveWeight } from "../../algorithms/algorithm.ts";
import type { Backend } from "../../backends/backend.ts";
import { UpstreamFault } from "../../backends/connect/attempt.ts";
import { hasSlot } from "../../backends/pool/pool.ts";
import { backlog } from "../../relay/backlog.ts";
import type { ClientHandler } from "../../relay/client-handler.ts";
import type { BackendView, ConnectFault, RoutedClient } from "../../session/contract.ts";
import type { SessionRouter } from "../../session/router.ts";
import { after } from "../../time/clock.ts";
import type { Connection } from "../connection.ts";
import { judgeTransport } from "../secrecy.ts";
import { beginRelay } from "./first-bytes.ts";
import type { Phase } from "./phase.ts";

/** A connection in the hands of the session router: slots, queue, counters and health stay the listener's work. */
export class Routed implements Phase, ClientHandler, RoutedClient {
  readonly name = "routed";
  readonly letter = "D";
  readonly handler = this;
  readonly socket: Socket;
  readonly source: string;
  readonly #connection: Connection;
  #session: ClientHandler | undefined = undefined;

  constructor(connection: Connection) {
    this.socket = connection.client;
    this.source = connection.source;
    this.#connection = connection;
  }

  /** @param said what the client has said already */
  start(router: SessionRouter, said: Buffer | undefined): void {
    this.#connection.enter(this);
    this.#session = router.accept(this);
    if (said !== undefined && said.length > 0) this.#session.fromClient(said);
  }

  fromClient(chunk: Buffer): void {
    this.#session?.fromClient(chunk);
  }

  clientEnd(): void {
    this.#connection.clientLeft();
    this.#session?.clientEnd();
  }

  clientDrained(): void {
    this.#connection.unread(0);
    this.#session?.clientDrained();
  }

  clientError(error: Error): void {
    this.#connection.note("CD", error.message);
    this.#connection.clientLeft();
    this.#session?.clientError(error);
  }

  clientClose(hadError: boolean): void {
    this.#session?.clientClose(hadError);
    this.#connection.over();
  }

  /** The session router keeps its own time-outs. */
  due(): undefined {}

  cut(): void {
    this.socket.destroy();
  }

  leave(): void {
    // The session router lets go by itself of what it has.
  }

  /** A recovered backend shows the weight that slow start allows it so far. */
  backends(): readonly BackendView[] {
    const { group, shared, spec } = this.#connection.listener;
    const { backends } = group;
    const situation = { now: shared.clock(), slowStart: spec.slowStart * 1000, source: this.source };
    const ramps = (each: Backend): boolean =>
      each.rampFrom !== undefined && situation.now - each.rampFrom < situation.slowStart;
    if (!backends.some(ramps)) return backends;
    return backends.map((each) => {
      const { name, backup, usable, reachable, address, host, active, maxConnections } = each;
      const weight = effectiveWeight(each, situation);
      return { name, backup, usable, reachable, address, host, active, maxConnections, weight };
    });
  }

  async connect(name: string, signal: AbortSignal, reads?: OnReadOpts): Promise<Socket> {
    const backend = this.#connection.listener.group.find(name);
    if (backend === undefined) throw fault(name, "gone", "no longer in the specification");
    const socket = await (hasSlot(backend)
      ? this.#open(backend, signal, reads)
      : this.#queue(backend, signal, reads));
    this.#reached(backend);
    return socket;
  }

  /** Named in the log, where one connection has room for one backend. */
  #reached(backend: Backend): void {
    const connection = this.#connection;
    if (connection.backend === undefined) {
      connection.connectTime = Math.max(0, connection.listener.shared.clock() - connection.began);
    }
    connection.queueTime = 0;
    connection.backend = backend;
  }

  speaks(transport: string): string | undefined {
    return judgeTransport(this.#connection, transport);
  }

  fallBack(head: Buffer): void {
    beginRelay(this.#connection, head);
  }

  count(backend: string, direction: "to-client" | "to-backend", bytes: number): void {
    const found = this.#connection.listener.group.find(backend);
    if (direction === "to-client") {
      this.#connection.bytesToClient += bytes;
      const waits = backlog(this.socket);
      if (waits > 0) this.#connection.unread(waits);
      if (found !== undefined) found.bytesToClient += bytes;
    } else {
      this.#connection.bytesToBackend += bytes;
      if (found !== undefined) found.bytesToBackend += bytes;
    }
  }

  end(termination: string, reason?: string): void {
    // `--` is a proper end: it must not hide a later cause, and nothing is left to cut off.
    if (termination !== "--") this.#connection.note(termination, reason);
    this.#connection.cut();
  }

  /** Waits for a free slot of the backend. @throws ConnectFault, `queue-timeout` among others */
  #queue(backend: Backend, signal: AbortSignal, reads?: OnReadOpts): Promise<Socket> {
    const { group, spec } = this.#connection.listener;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        group.queue.remove(waiter);
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
      };
      const refuse = (reason: ConnectFault["reason"], message: string): void => {
        leave();
        reject(fault(backend.name, reason, message));
      };
      const aborted = (): void => refuse("gone", "no longer wanted");
      const waiter = {
        wants: backend.name,
        granted: () => {
          leave();
          // At once: the slot must be taken before the next waiter is looked at.
          resolve(this.#open(backend, signal, reads));
        },
        reconsider: () => refuse("gone", "no longer usable"),
      };
      const timer = after(spec.timeouts.queue, () =>
        refuse("queue-timeout", `no free slot within ${spec.timeouts.queue} s`),
      );
      signal.addEventListener("abort", aborted);
      group.queue.push(waiter);
    });
  }

  #open(backend: Backend, signal: AbortSignal, reads?: OnReadOpts): Promise<Socket> {
    const { group } = this.#connection.listener;
    return new Promise((resolve, reject) => {
      const cancel = group.connect(backend, reads, (result) => {
        signal.removeEventListener("abort", aborted);
        if (result instanceof UpstreamFault) {
          group.release(backend);
          reject(fault(backend.name, result.reason, result.message));
          return;
        }
        backend.total++;
        backend.routed.add(result);
        result.once("close", () => {
          backend.routed.delete(result);
          group.release(backend);
        });
        resolve(result);
      });
      const aborted = (): void => {
        cancel();
        group.release(backend);
        reject(fault(backend.name, "gone", "no longer wanted"));
      };
      if (signal.aborted) aborted();
      else signal.addEventListener("abort", aborted, { once: true });
    });
  }
}

function fault(backend: string, reason: ConnectFault["reason"], message: string): ConnectFault {
  return { backend, reason, message };
}
