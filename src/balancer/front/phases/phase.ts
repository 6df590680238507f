import type { ClientHandler } from "../../relay/client-handler.ts";

/**
 * One stage of a connection's life:
 * - `header`: a proxy must first say whom it speaks for
 * - `handshake`: TLS is being established
 * - `first-bytes`: the client must say something before a backend is asked
 * - `waiting`: for a backend's slot, and for the connection to it
 * - `relaying`: bytes go both ways
 * - `routed`: the session router reads and writes
 */
export interface Phase {
  readonly name: "header" | "handshake" | "first-bytes" | "waiting" | "relaying" | "routed";
  /** Is told what the client's socket says. */
  readonly handler: ClientHandler;
  /** HAProxy's second letter for a connection that ends now. */
  readonly letter: string;
  /** See `Timed`. */
  due(now: number): number | undefined;
  /** Closes its sockets at once. */
  cut(): void;
  /** The connection is over: gives up whatever is under way. */
  leave(): void;
}
