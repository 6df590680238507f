import type { RoutedClient } from "./contract.ts";
import type { Timeouts } from "./timeouts.ts";

/**
 * A stage of a routed connection: its first bytes, its login, its calls. The connection hands over what the client
 * does, and asks it every second about its time-outs.
 */
export interface Phase {
  /**
   * `idle`: nothing is under way. `unfinished`: the client has not said all that it must. `answering`: it waits for a
   * reply.
   */
  readonly state: "idle" | "unfinished" | "answering";
  /** Bytes from the client, the phase's to keep. */
  fromClient(chunk: Buffer): void;
  /** The client says nothing more; for phases that pass it on. */
  clientEnd?(): void;
  /** The client takes bytes again. */
  clientDrained(): void;
  /**
   * Ends the connection if it has been silent for too long.
   * @param silence seconds since the client's last bytes
   * @param quiet seconds since the last bytes of anyone
   */
  tick(silence: number, quiet: number, timeouts: Timeouts): void;
  /** The connection is over. */
  stop(): void;
}

/** The connection of a phase. */
export interface PhaseOwner {
  readonly client: RoutedClient;
  /** Bytes for the client, which may be changed on the way only as its login demands. */
  toClient(chunk: Buffer): void;
  /** A backend has said something. */
  heard(): void;
  /** Ends the connection: HAProxy's two letters, and why. */
  finish(termination: string, reason?: string): void;
}
