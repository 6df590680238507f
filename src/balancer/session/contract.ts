import type { OnReadOpts, Socket } from "node:net";
import type { FaultReason } from "../backends/connect/attempt.ts";

/** What the session router sees of one backend of its listener. */
export interface BackendView {
  readonly name: string;
  readonly weight: number;
  readonly backup: boolean;
  /** UP, and neither draining nor in maintenance: may get new sessions. */
  readonly usable: boolean;
  /** May still serve the sessions that it has (UP or draining). */
  readonly reachable: boolean;
  /** `HOST:PORT`, for messages. */
  readonly address: string;
  /** The host's name, which its Kerberos principal is made of. */
  readonly host?: string;
  /** Connections now and at most (0: no limit): where they are used up, the router closes links that nobody needs. */
  readonly active?: number;
  readonly maxConnections?: number;
}

/** Why an upstream connection was not made, or is no longer wanted (`gone`). */
export interface ConnectFault {
  readonly backend: string;
  readonly reason: FaultReason | "queue-timeout" | "gone";
  readonly message: string;
}

/** One client connection as the listener hands it to the session router: limits passed, nothing read yet. */
export interface RoutedClient {
  /** To write to, to pause and to end; what it says is told by the listener, to the handler that `accept` gave. */
  readonly socket: Socket;
  /** Source address of the client. */
  readonly source: string;
  backends(): readonly BackendView[];
  /**
   * Opens one upstream connection: connect time-out, per-backend slots with their queue, counters, passive health and
   * address resolution are the listener's work. Not retried: the router decides where to go next.
   * @param reads for `net.connect`'s `onread`, so that results are read into reused buffers; a listener that leaves
   *   them out gives a plain stream
   * @throws ConnectFault
   */
  connect(backend: string, signal: AbortSignal, reads?: OnReadOpts): Promise<Socket>;
  /**
   * Told what the client speaks, before anything goes to a backend. @param transport as in {@link fallBack}
   * @returns why it must not go on; undefined: it may
   */
  speaks?(transport: string): string | undefined;
  /**
   * Gives the connection back for plain relaying by the sticky source table; `head` are the bytes read so far,
   * `transport` is the name of its row in `transports/transports.ts`.
   */
  fallBack(head: Buffer, transport: string): void;
  /** Bytes delivered, for the counters of the connection and of the backend. */
  count(backend: string, direction: "to-client" | "to-backend", bytes: number): void;
  /** Ends the connection with a termination code of HAProxy's tcplog and a reason for the log. */
  end(termination: string, reason?: string): void;
}
