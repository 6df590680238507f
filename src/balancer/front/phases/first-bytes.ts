import type { ClientHandler } from "../../relay/client-handler.ts";
import { recognise } from "../../session/transports/transports.ts";
import type { Connection } from "../connection.ts";
import { judgeTransport, mustLook } from "../secrecy.ts";
import type { Phase } from "./phase.ts";
import { Waiting } from "./waiting.ts";

const NOTHING = Buffer.alloc(0);

/**
 * Relays by the listener's own algorithm: at once, or as soon as the client has said something where it must.
 * @param head what it has said already
 */
export function beginRelay(connection: Connection, head?: Buffer): void {
  const said = head !== undefined && head.length > 0 ? head : undefined;
  const silence = connection.listener.spec.timeouts.firstByte;
  const looks = mustLook(connection);
  if ((silence > 0 && said === undefined) || looks) new FirstBytes(connection, looks).start(silence, said);
  else new Waiting(connection, said).start();
}

/** A client that must speak before a backend is asked, or of which it must be known what it speaks. */
class FirstBytes implements Phase, ClientHandler {
  readonly name = "first-bytes";
  readonly letter = "C";
  readonly handler = this;
  readonly #connection: Connection;
  readonly #looks: boolean;
  #head: Buffer = NOTHING;

  constructor(connection: Connection, looks: boolean) {
    this.#connection = connection;
    this.#looks = looks;
  }

  /** @param silence seconds; 0: no limit */
  start(silence: number, said: Buffer | undefined): void {
    this.#connection.enter(this);
    if (silence > 0) this.#connection.schedule(silence);
    if (said !== undefined) this.fromClient(said);
  }

  fromClient(chunk: Buffer): void {
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const connection = this.#connection;
    if (this.#looks) {
      const transport = recognise(this.#head);
      if (transport === undefined) return;
      const refusal = judgeTransport(connection, transport.name);
      if (refusal !== undefined) {
        connection.end("PC", refusal);
        return;
      }
    }
    connection.unschedule();
    new Waiting(connection, this.#head).start();
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
