import type { MessageFacts } from "../wire/message-facts.ts";
import { ERROR_STATUS, INVALID_HANDLE_STATUS, REPLY } from "../wire/thrift-types.ts";
import type { SessionTable } from "./table.ts";

/** What is remembered of a call until its reply has been learnt from. */
export interface CallFacts {
  readonly method: string;
  /** Guids of the handles that it names. */
  readonly handles: readonly string[];
}

export const OPEN_SESSION = "OpenSession";
const CLOSES = new Set(["CloseSession", "CloseOperation", "CloseImpalaOperation"]);
/** Calls whose first handle is an operation's (Hive's TCLIService, and Impala's additions); a session's may follow. */
const NAMES_OPERATION = new Set([
  "GetOperationStatus",
  "CancelOperation",
  "CloseOperation",
  "CloseImpalaOperation",
  "GetResultSetMetadata",
  "FetchResults",
  "GetLog",
  "GetExecSummary",
  "GetRuntimeProfile",
  "GetQueryId",
]);

/**
 * "I do not know this handle", said before anything was done: Impala's GetSessionState and GetQueryHandle (newer and older wording, wrong
 * secret), then HiveServer2's and Spark's SessionManager and OperationManager, whose text may follow the exception's class (seen on Spark 4.3).
 */
const NOT_MINE =
  /^(Invalid session id|Invalid query handle|Invalid or unknown query handle|Query id \S+ not found)|Invalid (SessionHandle|OperationHandle)\b|Session does not exist!/;

/** What only the owner says, of a session that it will serve no longer. */
const SESSION_OVER = /^(Client session expired|Session is closed)/;

/** True if the reply says that this backend does not know the handle. Such a call had no effect there. */
export function notMine(reply: MessageFacts): boolean {
  if (reply.type !== REPLY) return false;
  if (reply.statusCode === INVALID_HANDLE_STATUS) return true;
  return reply.statusCode === ERROR_STATUS && NOT_MINE.test(reply.errorMessage);
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
  if (reply.statusCode === ERROR_STATUS && SESSION_OVER.test(reply.errorMessage)) {
    if (first !== undefined) table.remove(first);
    return;
  }
  const [made] = reply.handles;
  if (call.method === OPEN_SESSION) {
    if (made !== undefined) table.addSession(made, backend, now);
    return;
  }
  if (CLOSES.has(call.method)) {
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
