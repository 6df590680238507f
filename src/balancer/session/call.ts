import type { MessageFacts } from "../wire/message-facts.ts";
import type { Ask } from "./ask.ts";
import { type CallFacts, OPEN_SESSION } from "./calls.ts";
import type { Link } from "./link.ts";
import type { Owner, SessionTable } from "./table.ts";

/** A handle comes within the first hundred bytes of a call: without one in this much, there is none that matters. */
const HEAD_BYTES = 16 * 1024;
/** A call of up to this size is held until its owner has been found by asking. */
export const ASK_BYTES = 1024 * 1024;

/** What becomes of the client connection is its owner's business. */
export interface CallHost {
  /** A reply is complete, and nothing further has been read. */
  betweenCalls(): void;
  /** A backend has said something. */
  heard(): void;
  /** Ends the connection: HAProxy's two letters, and why. */
  finish(termination: string, reason: string): void;
}

/** One call of a client, from its first byte to the last of its reply. */
export class Call implements CallFacts {
  method = "";
  handles: readonly string[] = [];
  /** All of it has been read. */
  complete = false;
  /** Its bytes while nobody has been found to send them to. */
  held: Buffer[] = [];
  heldBytes = 0;
  /** Where it has gone. */
  link: Link | undefined = undefined;
  /** A backend is being connected to, or asked. */
  routing = false;
  ask: Ask | undefined = undefined;
  /** The backend at which a place for the session that it opens is reserved. */
  reserved: string | undefined = undefined;
  /** Its first bytes, for the log. */
  readonly start: Buffer;

  constructor(first: Buffer) {
    this.start = first.subarray(0, 32);
  }

  hold(piece: Buffer): void {
    this.held.push(piece);
    this.heldBytes += piece.length;
  }
}

export type Route =
  | { readonly kind: "open" }
  | { readonly kind: "owner"; readonly owner: Owner }
  | { readonly kind: "ask" }
  | { readonly kind: "any" };

/**
 * Where a call goes, as soon as what has been read of it says so.
 * @param mayHold false when the balancer holds enough calls in memory already
 * @returns undefined while more of the call is needed
 */
export function decide(
  call: Call,
  scanner: MessageFacts,
  table: SessionTable,
  mayHold: boolean,
  now: number,
): Route | undefined {
  if (!scanner.named) return undefined;
  if (scanner.method === OPEN_SESSION) return { kind: "open" };
  for (const key of scanner.handles) {
    const owner = table.find(key, now);
    if (owner !== undefined) return { kind: "owner", owner };
  }
  const named = scanner.handles.length > 0;
  if (call.complete) return { kind: named ? "ask" : "any" };
  const limit = named ? ASK_BYTES : HEAD_BYTES;
  return call.heldBytes < limit && mayHold ? undefined : { kind: "any" };
}
