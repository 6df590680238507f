import type { WholeService } from "../../wire/hiveserver2/services.ts";
import type { Link } from "../links/link.ts";
import type { CallFacts } from "./learn.ts";

/** One call of a client, from its first byte to the last of its reply. */
export class Call implements CallFacts {
  method = "";
  handles: readonly string[] = [];
  /** All of it has been read. */
  complete = false;
  /** Its bytes while nobody has been found to send them to. */
  held: Buffer[] = [];
  heldBytes = 0;
  /** A backend is being connected to, or asked. */
  routing = false;
  /** Where it has gone. */
  link: Link | undefined = undefined;
  /** It is the first of a connection that is relayed as a whole. */
  whole: WholeService | undefined = undefined;
  /** The backend at which a place for the session that it opens is reserved. */
  reserved: string | undefined = undefined;
  /** Answered, or its client has gone. */
  over = false;
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
