import type { ClientHandler } from "../../relay/client-handler.ts";
import type { Connection } from "../connection.ts";
import type { Phase } from "./phase.ts";
import { Waiting } from "./waiting.ts";

/**
 * Relays by the listener's own algorithm: at once, or as soon as the client has said something where it must.
 * @param head what it has said already
 */
export function beginRelay(connection: Connection, head?: Buffer): void {
  const said = head !== undefined && head.length > 0 ? head : undefined;
  const silence = connection.listener.spec.timeouts.firstByte;
  if (silence > 0 && said === undefined) new FirstBytes(connection).start(silence);
  else new Waiting(connection, said).start();
}

/** A client that must speak before a backend is asked. */
class FirstBytes implements Phase, ClientHandler {
  readonly name = "first-bytes";
  readonly letter = "C";
  readonly handler = this;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** @param silence seconds */
  start(silence: number): void {
    this.#connection.enter(this);
    this.#connection.schedule(silence);
  }

  fromClient(chunk: Buffer): void {
    this.#connection.unschedule();
    new Waiting(this.#connection, chunk).start();
  }

  clientEnd(): void {
    this.#connection.end("CC", "the client left");
  }

  clientError(error: Error): void {
    this.#connection.note("CC", error.message);
    this.#connection.clientLeft();
  }

  clientClose(): void {
    this.#connection.over();
  }

  clientDrained(): void {
    // Nothing has been written.
  }

  due(): undefined {
    const { firstByte } = this.#connection.listener.spec.timeouts;
    this.#connection.end("cD", `nothing said within ${firstByte} s`);
  }

  cut(): void {
    this.#connection.client.destroy();
  }

  leave(): void {
    // Nothing is under way.
  }
}
