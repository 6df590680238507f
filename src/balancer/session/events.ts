import type { WholeService } from "../wire/hiveserver2/services.ts";

/** What the router tells its listener, for the log and the metrics. Nothing in it is a credential. */
export type SessionEvent =
  /** The connection is relayed without routing: sticky by source. `transport` is the name of what it speaks. */
  | {
      readonly type: "fallback";
      readonly source: string;
      readonly transport: string;
      /** Why this one is not, though others of its transport are. */
      readonly note?: string;
    }
  /** A client's login has been refused by the balancer, or could not be made with any backend. */
  | { readonly type: "login-refused"; readonly source: string; readonly reason: string }
  /** A backend has refused a login that was made for a client, or could not be logged in to. */
  | {
      readonly type: "login-failed";
      readonly source: string;
      readonly backend: string;
      readonly reason: string;
    }
  /** The connection is relayed as a whole: its service has no sessions that are understood. */
  | {
      readonly type: "whole";
      readonly source: string;
      readonly backend: string;
      readonly service: WholeService;
    }
  /**
   * Bytes that are not HiveServer2 in mid-stream: the first 32 of the message in hex. The connection has been closed.
   */
  | {
      readonly type: "not-understood";
      readonly source: string;
      /** Undefined: the client sent them. */
      readonly backend: string | undefined;
      readonly reason: string;
      readonly hex: string;
    }
  /**
   * The owner of a session cannot be reached: the call went to a living backend, whose refusal makes the client open a
   * new session.
   */
  | { readonly type: "owner-lost"; readonly source: string; readonly backend: string }
  /** A connection to a backend has been closed between two calls because another was waited for. */
  | {
      readonly type: "made-room";
      readonly source: string;
      readonly backend: string;
      /** A session was opened on it, which its backend keeps. */
      readonly owned: boolean;
    }
  /** A handle that the table did not know has been asked about. */
  | { readonly type: "asked"; readonly source: string; readonly backend: string | undefined };
