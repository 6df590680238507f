import { REPLY } from "../thrift/types.ts";
import type { MessageFacts } from "./message-facts.ts";
import { ERROR_STATUS, INVALID_HANDLE_STATUS } from "./tcli-service.ts";

/**
 * "I do not know this handle", said before anything was done: Impala's GetSessionState and GetQueryHandle (newer and
 * older wording, wrong secret), then HiveServer2's and Spark's SessionManager and OperationManager, whose text may
 * follow the exception's class (seen on Spark 4.3).
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

/** True if the owner of a session says that it is over. */
export function sessionOver(reply: MessageFacts): boolean {
  return reply.type === REPLY && reply.statusCode === ERROR_STATUS && SESSION_OVER.test(reply.errorMessage);
}
