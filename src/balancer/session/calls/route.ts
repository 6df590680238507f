import type { MessageFacts } from "../../wire/hiveserver2/message-facts.ts";
import { OPEN_SESSION } from "../../wire/hiveserver2/tcli-service.ts";
import type { GoneHandles } from "../load/gone-handles.ts";
import type { Owner, SessionTable } from "../load/table.ts";
import type { Call } from "./call.ts";

/** A handle comes within the first hundred bytes of a call: without one in this much, there is none that matters. */
const HEAD_BYTES = 16 * 1024;
/** A call of up to this size is held until its owner has been found by asking. */
const ASK_BYTES = 1024 * 1024;

/** Where a call goes. */
export type Route =
  /** To whoever gets the next session. */
  | { readonly kind: "open" }
  /** To the owner of its handle. */
  | { readonly kind: "owner"; readonly owner: Owner }
  /** To whoever knows its handle. */
  | { readonly kind: "ask" }
  /** To a backend that knows its handle to be gone. */
  | { readonly kind: "gone"; readonly backend: string }
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
  gone: GoneHandles,
  mayHold: boolean,
  now: number,
): Route | undefined {
  if (!scanner.named) return undefined;
  if (scanner.method === OPEN_SESSION) return { kind: "open" };
  for (const key of scanner.handles) {
    const owner = table.find(key, now);
    if (owner !== undefined) return { kind: "owner", owner };
  }
  for (const key of scanner.handles) {
    const backend = gone.find(key, now);
    if (backend !== undefined) return { kind: "gone", backend };
  }
  const named = scanner.handles.length > 0;
  if (call.complete) return { kind: named ? "ask" : "any" };
  const limit = named ? ASK_BYTES : HEAD_BYTES;
  return call.heldBytes < limit && mayHold ? undefined : { kind: "any" };
}
