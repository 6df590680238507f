import type { Socket } from "node:net";
import { CHECKED } from "../../../messages/checks.ts";
import {
  encodeCloseSession,
  encodeOpenSession,
  readOpenSessionReply,
  readReplyEnd,
} from "../../wire/hiveserver2/health-calls.ts";
import { exchange, type StepResult } from "./exchange.ts";

/**
 * Opens a HiveServer2 session over plain Thrift and closes it again: sees a frozen Impalad, whose kernel still
 * accepts connections. A server that closes the connection instead speaks another transport (SASL, TLS): the check
 * says nothing then.
 * @param timeout seconds for each of the two calls
 */
export async function openAndCloseSession(
  socket: Socket,
  user: string,
  timeout: number,
): Promise<StepResult> {
  const opened = await exchange(socket, encodeOpenSession(user), timeout, readOpenSessionReply);
  if ("none" in opened) {
    if (opened.none === "timeout")
      return { outcome: "failed", text: CHECKED.callLate("OpenSession", timeout) };
    return { outcome: "unusable", text: CHECKED.notThrift };
  }
  const reply = opened.value;
  if (reply.kind === "foreign") {
    return { outcome: "unusable", text: CHECKED.otherAnswer };
  }
  if (reply.kind === "refused") return { outcome: "failed", text: CHECKED.sessionRefused(reply.message) };
  const closed = await exchange(socket, encodeCloseSession(reply.guid, reply.secret), timeout, readReplyEnd);
  if ("none" in closed && closed.none === "timeout") {
    return { outcome: "failed", text: CHECKED.callLate("CloseSession", timeout) };
  }
  return { outcome: "good", text: CHECKED.session };
}
