import type { OnReadOpts, Socket } from "node:net";
import type { Backend } from "../../backends/backend.ts";
import { UpstreamFault } from "../../backends/connect/attempt.ts";
import { hasSlot } from "../../backends/pool/pool.ts";
import { effectiveWeight } from "../../backends/pool/strategies.ts";
import type { BackendView, ConnectFault, RoutedClient, Transport } from "../../session/contract.ts";
import { after } from "../../time/clock.ts";
import type { Connection } from "../connection.ts";
import type { Host } from "../context.ts";

/** One connection as the session router sees it: slots, queue, counters and health stay the listener's work. */
export class ListenerClient implements RoutedClient {
  readonly socket: Socket;
  readonly source: string;
  readonly #connection: Connection;
  readonly #listener: Host;

  constructor(connection: Connection, listener: Host) {
    this.socket = connection.client;
    this.source = connection.source;
    this.#connection = connection;
    this.#listener = listener;
  }

  /** A recovered backend shows the weight that slow start allows it so far. */
  backends(): readonly BackendView[] {
    const { backends, clock, spec } = this.#listener;
    const situation = { now: clock(), slowStart: spec.slowStart * 1000, source: this.source };
    const ramps = (each: Backend): boolean =>
      each.rampFrom !== undefined && situation.now - each.rampFrom < situation.slowStart;
    if (!backends.some(ramps)) return backends;
    return backends.map((each) => {
      const { name, backup, usable, reachable, address, active, maxConnections } = each;
      const weight = effectiveWeight(each, situation);
      return { name, backup, usable, reachable, address, active, maxConnections, weight };
    });
  }

  async connect(name: string, signal: AbortSignal, reads?: OnReadOpts): Promise<Socket> {
    const backend = this.#listener.backends.find((each) => each.name === name);
    if (backend === undefined) throw fault(name, "gone", "no longer in the specification");
    const socket = await (hasSlot(backend)
      ? this.#open(backend, signal, reads)
      : this.#queue(backend, signal, reads));
    this.#connection.reached(backend);
    return socket;
  }

  fallBack(head: Buffer, _transport: Transport): void {
    this.#connection.start(head);
  }

  count(backend: string, direction: "to-client" | "to-backend", bytes: number): void {
    const found = this.#listener.backends.find((each) => each.name === backend);
    if (direction === "to-client") {
      this.#connection.bytesToClient += bytes;
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
    const { queue, spec } = this.#listener;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        queue.remove(waiter);
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
      queue.push(waiter);
    });
  }

  #open(backend: Backend, signal: AbortSignal, reads?: OnReadOpts): Promise<Socket> {
    const listener = this.#listener;
    return new Promise((resolve, reject) => {
      const cancel = listener.connect(backend, reads, (result) => {
        signal.removeEventListener("abort", aborted);
        if (result instanceof UpstreamFault) {
          listener.release(backend);
          reject(fault(backend.name, result.reason, result.message));
          return;
        }
        backend.total++;
        backend.lent.add(result);
        result.once("close", () => {
          backend.lent.delete(result);
          listener.release(backend);
        });
        resolve(result);
      });
      const aborted = (): void => {
        cancel();
        listener.release(backend);
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
