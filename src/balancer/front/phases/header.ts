import type { ClientHandler } from "../../relay/client-handler.ts";
import { ProxyHeaderReader } from "../accept/proxy-header.ts";
import type { Connection } from "../connection.ts";
import type { Phase } from "./phase.ts";

/** A proxy's connection, which must begin with a PROXY protocol header: the client's address is taken from it. */
export class HeaderPhase implements Phase, ClientHandler {
  readonly name = "header";
  readonly letter = "R";
  readonly handler = this;
  readonly #connection: Connection;
  readonly #reader = new ProxyHeaderReader();
  readonly #introduced: (rest: Buffer) => void;

  /**
   * @param introduced called with the bytes that came after the header; not called when the connection has ended
   * before
   */
  constructor(connection: Connection, introduced: (rest: Buffer) => void) {
    this.#connection = connection;
    this.#introduced = introduced;
  }

  start(): void {
    this.#connection.enter(this);
    this.#connection.schedule(this.#patience);
  }

  /** Seconds. */
  get #patience(): number {
    return this.#connection.listener.spec.proxyProtocol?.timeout ?? 0;
  }

  fromClient(chunk: Buffer): void {
    const connection = this.#connection;
    const result = this.#reader.push(chunk);
    if (result === undefined) return;
    if (result.kind === "fault") {
      connection.end("PR", result.reason);
      return;
    }
    connection.unschedule();
    if (result.client !== undefined) {
      connection.source = result.client.host;
      connection.port = result.client.port;
    }
    this.#introduced(result.rest);
  }

  clientEnd(): void {
    this.#connection.end("CR", "the client left");
  }

  clientError(error: Error): void {
    this.#connection.note("CR", error.message);
    this.#connection.clientLeft();
  }

  clientClose(): void {
    this.#connection.over();
  }

  clientDrained(): void {
    // Nothing has been written.
  }

  due(): undefined {
    this.#connection.end("cR", `no PROXY protocol header within ${this.#patience} s`);
  }

  cut(): void {
    this.#connection.client.destroy();
  }

  leave(): void {
    // Nothing is under way.
  }
}
