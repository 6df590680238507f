import type { ClientHandler } from "../../relay/client-handler.ts";
import type { TlsAcceptor } from "../../tls/acceptor.ts";
import type { Connection } from "../connection.ts";
import type { Phase } from "./phase.ts";

/** A handshake record (RFC 8446, 5.1). */
const HANDSHAKE = 0x16;
const MAJOR_VERSION = 3;
/** Seconds that a handshake may take, from the first byte that is waited for. */
const PATIENCE = 30;

/** A client of a listener with TLS: its first bytes must begin a handshake, which is made here. */
export class HandshakePhase implements Phase, ClientHandler {
  readonly name = "handshake";
  readonly letter = "R";
  readonly handler = this;
  readonly #connection: Connection;
  readonly #acceptor: TlsAcceptor;
  readonly #secured: () => void;
  #head: Buffer = Buffer.alloc(0);
  /** Breaks the handshake off, while one is under way. */
  #breakOff: (() => void) | undefined = undefined;

  /** @param secured called once the client's socket is the encrypted one; not called when the connection has ended */
  constructor(connection: Connection, acceptor: TlsAcceptor, secured: () => void) {
    this.#connection = connection;
    this.#acceptor = acceptor;
    this.#secured = secured;
  }

  /** @param said what the client has said already */
  start(said: Buffer | undefined): void {
    this.#connection.enter(this);
    this.#connection.schedule(this.#patience);
    if (said !== undefined) this.fromClient(said);
  }

  /** Seconds. A client that speaks TLS begins at once: the limit holds for Hue too. */
  get #patience(): number {
    const { firstByte } = this.#connection.listener.spec.timeouts;
    return firstByte > 0 ? firstByte : PATIENCE;
  }

  fromClient(chunk: Buffer): void {
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const [type, version] = this.#head;
    if (type === undefined) return;
    if (type !== HANDSHAKE || (version !== undefined && version !== MAJOR_VERSION)) {
      this.#acceptor.failures++;
      this.#connection.end("PR", "the client does not speak TLS, which this listener requires");
    } else if (version !== undefined) this.#begin();
  }

  #begin(): void {
    const connection = this.#connection;
    const raw = connection.handOver();
    this.#breakOff = this.#acceptor.accept(raw, this.#head, {
      secured: (socket) => {
        this.#breakOff = undefined;
        connection.unschedule();
        connection.secured(socket);
        this.#secured();
      },
      failed: (reason) => this.#ended("PR", `TLS handshake failed: ${reason}`),
      left: () => this.#ended("CR", "the client left during the TLS handshake"),
    });
  }

  #ended(termination: string, reason: string): void {
    this.#breakOff = undefined;
    this.#connection.note(termination, reason);
    this.#connection.over();
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
    this.#connection.end("cR", `no TLS handshake within ${this.#patience} s`);
  }

  cut(): void {
    const breakOff = this.#breakOff;
    this.#breakOff = undefined;
    if (breakOff === undefined) {
      this.#connection.client.destroy();
      return;
    }
    breakOff();
    this.#connection.over();
  }

  leave(): void {
    this.#breakOff?.();
    this.#breakOff = undefined;
  }
}
