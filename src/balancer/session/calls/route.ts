import type { MessageFacts } from "../../wire/hiveserver2/message-facts.ts";
import { serviceOf, type WholeService } from "../../wire/hiveserver2/services.ts";
import { OPEN_SESSION } from "../../wire/hiveserver2/tcli-service.ts";
import type { CallBudget } from "../budget.ts";
import type { GoneHandles } from "../load/gone-handles.ts";
import type { Owner, SessionTable } from "../load/table.ts";
import type { Call } from "./call.ts";

/** A handle comes within the first hundred bytes of a call: without one in this much, there is none that matters. */
const HEAD_BYTES = 16 * 1024;

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
  /** To whoever gets the next session, with all that follows on its connection. */
  | { readonly kind: "whole"; readonly service: WholeService }
  | { readonly kind: "any" };

/** What decides where calls go. */
export interface Knowledge {
  readonly table: SessionTable;
  readonly gone: GoneHandles;
  readonly budget: Pick<CallBudget, "mayHold">;
}

/**
 * Where a call goes, as soon as what has been read of it says so.
 * @param understood earlier calls of its connection were those of a service whose sessions are understood
 * @param now milliseconds
 * @returns undefined while more of the call is needed
 */
export function decide(
  call: Call,
  scanner: MessageFacts,
  { table, gone, budget }: Knowledge,
  understood: boolean,
  now: number,
): Route | undefined {
  if (!scanner.named) return undefined;
  // Its handle is known by now, if it has one: what follows is not needed, and waits with the client.
  const enough = call.complete || call.heldBytes >= HEAD_BYTES || !budget.mayHold;
  if (!understood) {
    const service = serviceOf(scanner, enough);
    if (service === undefined) return undefined;
    if (service !== "sessions") return { kind: "whole", service };
  }
  if (scanner.method === OPEN_SESSION) return { kind: "open" };
  for (const key of scanner.handles) {
    const owner = table.find(key, now);
    if (owner !== undefined) return { kind: "owner", owner };
  }
  for (const key of scanner.handles) {
    const backend = gone.find(key, now);
    if (backend !== undefined) return { kind: "gone", backend };
  }
  if (!enough) return undefined;
  return { kind: scanner.handles.length > 0 ? "ask" : "any" };
}
