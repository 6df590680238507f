import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { CertificateFacts } from "../stats/stats.ts";
import type { Identity } from "./identity.ts";
import { tlsReason } from "./reason.ts";

/** What the handshake with a client comes to; exactly one of the three is told, once. */
export interface HandshakeResult {
  /** The stream that the client encrypts; nothing has been read from it. */
  secured(socket: Socket): void;
  failed(reason: string): void;
  /** The client has left in the middle. */
  left(): void;
}

/** Makes the handshakes of a listener's clients. */
export class TlsAcceptor {
  /** Handshakes since the start: completed, those of them that resumed a session, and failed. */
  handshakes = 0;
  resumed = 0;
  failures = 0;
  #identity: Identity;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  get certificate(): CertificateFacts {
    return this.#identity.certificate;
  }

  get identity(): Identity {
    return this.#identity;
  }

  /** Another certificate for handshakes from now on; who is connected stays. */
  use(identity: Identity): void {
    this.#identity = identity;
  }

  /**
   * Begins the handshake with a client. Its socket belongs to the TLS socket from now on, and must not be listened to
   * any more.
   * @param head what the client has said already
   * @returns breaks the handshake off
   */
  accept(raw: Socket, head: Buffer, result: HandshakeResult): () => void {
    raw.pause();
    raw.unshift(head);
    const socket = new TLSSocket(raw, { isServer: true, secureContext: this.#identity.context });
    let over = false;
    const once = (told: () => void): void => {
      if (over) return;
      over = true;
      told();
    };
    const fail = (error: unknown): void =>
      once(() => {
        this.failures++;
        result.failed(tlsReason(error).en);
        socket.destroy();
      });
    const left = (): void =>
      once(() => {
        result.left();
        socket.destroy();
      });
    // Before the handshake is over Node tells its errors by this event alone (its own tls.Server listens to it too).
    socket.on("_tlsError", fail);
    socket.on("error", fail);
    socket.on("end", left);
    socket.on("close", left);
    socket.once("secure", () =>
      once(() => {
        this.handshakes++;
        if (socket.isSessionReused()) this.resumed++;
        for (const event of ["_tlsError", "error"]) socket.removeListener(event, fail);
        for (const event of ["end", "close"]) socket.removeListener(event, left);
        socket.on("error", inWords);
        result.secured(socket);
      }),
    );
    return () => {
      over = true;
      socket.destroy();
    };
  }
}

/** OpenSSL's messages are for programmers: what comes after this in the list of listeners reads ours. */
function inWords(error: Error): void {
  error.message = tlsReason(error).en;
}
