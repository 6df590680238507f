import type { Socket } from "node:net";
import { CHECKED } from "../../../messages/checks.ts";
import {
  encodeCloseSession,
  encodeOpenSession,
  readOpenSessionReply,
  readReplyEnd,
} from "../../wire/hiveserver2/health-calls.ts";
import { type Codec, exchange, type StepResult } from "./exchange.ts";

/**
 * Opens a HiveServer2 session (over plain Thrift unless there was a login) and closes it again: sees a frozen Impalad,
 * whose kernel still accepts connections. A server that closes the connection instead speaks another transport (SASL,
 * TLS): the check says nothing then.
 * @param timeout seconds for each of the two calls
 * @param codec of a connection that has been logged in
 */
export async function openAndCloseSession(
  socket: Socket,
  user: string,
  timeout: number,
  codec?: Codec,
): Promise<StepResult> {
  const opened = await exchange(socket, encodeOpenSession(user), timeout, readOpenSessionReply, codec);
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
  const closed = await exchange(
    socket,
    encodeCloseSession(reply.guid, reply.secret),
    timeout,
    readReplyEnd,
    codec,
  );
  if ("none" in closed && closed.none === "timeout") {
    return { outcome: "failed", text: CHECKED.callLate("CloseSession", timeout) };
  }
  return { outcome: "good", text: CHECKED.session };
}
