import { isIP, type OnReadOpts, type Socket } from "node:net";
import { type ConnectionOptions, checkServerIdentity, connect } from "node:tls";
import { type Endpoint, formatEndpoint } from "../../domain/endpoint.ts";
import type { Trust } from "./trust.ts";

export interface DialOptions {
  /** IP address of the endpoint. */
  readonly address: string;
  readonly endpoint: Endpoint;
  /** Seconds; 0: off. */
  readonly keepAlive: number;
  /** Reads into a reused buffer; without it the socket is a plain stream. */
  readonly onread?: OnReadOpts;
}

/** Opens TLS connections to a listener's backends, resuming the last session with each. */
export class TlsDialer {
  /** Connections since the start, and those of them that resumed a session. */
  handshakes = 0;
  resumed = 0;
  #trust: Trust;
  /** The last session with each backend, by `HOST:PORT`: only of those who have proven who they are. */
  readonly #sessions = new Map<string, Buffer>();

  constructor(trust: Trust) {
    this.#trust = trust;
  }

  /** False where somebody has switched that off. */
  get verifies(): boolean {
    return this.#trust.spec.verify;
  }

  /** Other authorities, or another name, from now on: what has been proven to the old ones counts no longer. */
  use(trust: Trust): void {
    const before = this.#trust;
    this.#trust = trust;
    if (
      before.fingerprint !== trust.fingerprint ||
      before.spec.verify !== trust.spec.verify ||
      before.spec.serverName !== trust.spec.serverName
    ) {
      this.#sessions.clear();
    }
  }

  /**
   * Begins to connect; the socket emits `secureConnect` once the peer has proven who it is, or `error`. It has
   * allowHalfOpen and noDelay.
   */
  dial({ address, endpoint, keepAlive, onread }: DialOptions): Socket {
    const { context, spec } = this.#trust;
    const name = spec.serverName ?? endpoint.host;
    const peer = formatEndpoint(endpoint);
    const trust = this.#trust;
    const session = this.#sessions.get(peer);
    // The type definitions of tls.connect leave out what it hands to net.connect.
    const options: ConnectionOptions & {
      readonly allowHalfOpen: boolean;
      readonly autoSelectFamily: boolean;
      readonly onread?: OnReadOpts;
    } = {
      host: address,
      port: endpoint.port,
      secureContext: context,
      // An address is no name that could be sent (RFC 6066, 3); it is verified all the same.
      servername: isIP(name) === 0 ? name : "",
      checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
      rejectUnauthorized: spec.verify,
      allowHalfOpen: true,
      // The address is resolved already.
      autoSelectFamily: false,
      ...(session === undefined ? {} : { session }),
      ...(onread === undefined ? {} : { onread }),
    };
    const socket = connect(options);
    socket.setNoDelay(true);
    if (keepAlive > 0) socket.setKeepAlive(true, keepAlive * 1000);
    let latest: Buffer | undefined;
    let connected = false;
    const keep = (): void => {
      if (latest !== undefined && connected && trust === this.#trust) this.#sessions.set(peer, latest);
    };
    // TLS 1.2 gives it before the peer's name has been looked at, TLS 1.3 after.
    socket.on("session", (given: Buffer) => {
      latest = given;
      keep();
    });
    socket.once("secureConnect", () => {
      connected = true;
      this.handshakes++;
      if (socket.isSessionReused()) this.resumed++;
      keep();
    });
    socket.once("error", () => {
      if (!connected) this.#sessions.delete(peer);
    });
    return socket;
  }
}
