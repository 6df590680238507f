import type { Backend } from "../backends/backend.ts";
import type { ProtectedListener } from "../spec/protective.ts";
import type { BackendGroup } from "./backend-group.ts";
import type { Security } from "./security.ts";
import type { Shared } from "./shared.ts";

/** What a listener lends to its connections. */
export interface ListenerContext {
  /** As it is now: a reload replaces it. */
  readonly spec: ProtectedListener;
  readonly group: BackendGroup;
  readonly security: Security;
  readonly shared: Shared;
  /** The client has sent FIN, or failed: whoever comes next may have its place. */
  clientLeft(connection: ConnectionView): void;
  /** Its sockets are being closed. */
  placeFreed(connection: ConnectionView): void;
  /** Both sides of a connection are gone: count and log it. */
  ended(connection: ConnectionView): void;
}

/** A connection as its listener and the log see it. Durations are milliseconds; -1: that point was not reached. */
export interface ConnectionView {
  readonly source: string;
  readonly port: number;
  /** Time of day, milliseconds. */
  readonly acceptedAt: number;
  /** On the balancer's clock. */
  readonly began: number;
  readonly backend: Backend | undefined;
  readonly queueTime: number;
  readonly connectTime: number;
  readonly bytesToClient: number;
  readonly bytesToBackend: number;
  /** HAProxy's two letters, from the first thing that ended the connection. */
  readonly termination: string | undefined;
  readonly reason: string | undefined;
  readonly retries: number;
  readonly redispatched: boolean;
  /** Connections that waited before it: for its backend, and for any. */
  readonly backendQueue: number;
  readonly listenerQueue: number;
  /** It counts in the stick table. */
  readonly sticks: boolean;
  /** It counts among the connections of its source. */
  counted: boolean;
  /** It counts among the connections of its listener. */
  hasPlace: boolean;
  /** True if its bytes go to and from this backend without routing. */
  relays(backend: Backend): boolean;
  /** Ends the connection in whatever phase it is. */
  end(termination: string, reason?: string): void;
}
