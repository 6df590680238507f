import type { MessageFacts } from "../../wire/hiveserver2/message-facts.ts";
import { notMine, sessionOver } from "../../wire/hiveserver2/refusals.ts";
import {
  CLOSE_OPERATIONS,
  CLOSE_SESSION,
  NAMES_OPERATION,
  OPEN_SESSION,
} from "../../wire/hiveserver2/tcli-service.ts";
import { REPLY } from "../../wire/thrift/types.ts";
import { CLOSED_FOR, type GoneHandles, UNKNOWN_FOR } from "../load/gone-handles.ts";
import type { SessionTable } from "../load/table.ts";

/** What is remembered of a call until its reply has been learnt from. */
export interface CallFacts {
  readonly method: string;
  /** Guids of the handles that it names. */
  readonly handles: readonly string[];
}

/**
 * Remembers which handles are gone after a call, and who can say so: those that it closes, a session's operations with
 * it, and the one that its own backend does not know any more. Before {@link learn}, which forgets them.
 * @param known the backend has not refused the handle
 * @param now milliseconds
 */
export function rememberGone(
  gone: GoneHandles,
  table: SessionTable,
  { method, handles: [first] }: CallFacts,
  known: boolean,
  backend: string,
  now: number,
): void {
  if (first === undefined) return;
  if (isClose(method)) {
    for (const operation of table.operationsOf(first)) gone.remember(operation, backend, now, CLOSED_FOR);
    gone.remember(first, backend, now, CLOSED_FOR);
  } else if (!known && table.find(first, now)?.backend === backend) {
    gone.remember(first, backend, now, UNKNOWN_FOR);
  }
}

/** True if the first handle of such a call is gone afterwards. */
function isClose(method: string): boolean {
  return method === CLOSE_SESSION || CLOSE_OPERATIONS.has(method);
}

/** Updates the table with what a call and its complete reply from `backend` say. */
export function learn(
  table: SessionTable,
  call: CallFacts,
  reply: MessageFacts,
  backend: string,
  now: number,
): void {
  if (reply.type !== REPLY) return;
  const [first, second] = call.handles;
  if (notMine(reply)) {
    // Only the owner can say that the handle is gone; another backend never knew it.
    if (first !== undefined && table.find(first, now)?.backend === backend) table.remove(first);
    return;
  }
  if (sessionOver(reply)) {
    if (first !== undefined) table.remove(first);
    return;
  }
  const [made] = reply.handles;
  if (call.method === OPEN_SESSION) {
    if (made !== undefined) table.addSession(made, backend, now);
    return;
  }
  if (isClose(call.method)) {
    if (first !== undefined) table.remove(first);
    return;
  }
  if (first === undefined) return;
  confirm(table, call, first, second, backend, now);
  if (made !== undefined && !NAMES_OPERATION.has(call.method)) {
    table.addOperation(made, backend, first, now);
  }
}

/** The backend has answered for these handles, so it owns them. */
function confirm(
  table: SessionTable,
  call: CallFacts,
  first: string,
  second: string | undefined,
  backend: string,
  now: number,
): void {
  const owner = table.find(first, now);
  if (owner !== undefined && owner.backend === backend && !owner.lost) return;
  if (owner?.kind === "session" || (owner === undefined && !NAMES_OPERATION.has(call.method))) {
    table.addSession(first, backend, now);
    return;
  }
  if (second !== undefined) table.addSession(second, backend, now);
  table.addOperation(first, backend, second, now);
}
