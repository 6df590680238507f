import { connect } from "node:net";
import { errnoOf, Failure, messageOf } from "../../domain/failure.ts";
import { failureOf } from "../../domain/failure-record.ts";
import { balancerControlFailure } from "../../messages/failures/balancer-control.ts";
import type { BalancerStats } from "../stats/stats.ts";
import type { ControlReply, ControlRequest } from "./control-protocol.ts";

export type { ControlRequest } from "./control-protocol.ts";

/**
 * Asks a running balancer through its control socket: `status`, `drain`, `ready` or `reload`. All answer with the status after it.
 * @param timeout seconds; 0: wait as long as it takes (`drain` with `wait`)
 * @throws Failure `unreachable` (nobody listens), `auth` (the socket is another user's), or what the balancer answered
 */
export async function control(path: string, request: ControlRequest, timeout = 10): Promise<BalancerStats> {
  const line = await ask(path, `${JSON.stringify(request)}\n`, timeout);
  let reply: ControlReply;
  try {
    reply = JSON.parse(line) as ControlReply;
  } catch (error) {
    throw balancerControlFailure("control-reply", { path, reason: messageOf(error) });
  }
  if (reply.ok) return reply.status;
  throw failureOf(reply.error);
}

function ask(path: string, line: string, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(path);
    socket.setEncoding("utf8");
    socket.setTimeout(timeout * 1000, () => {
      socket.destroy(balancerControlFailure("control-timeout", { path, seconds: timeout }));
    });
    socket.on("error", (error) => reject(error instanceof Failure ? error : failure(path, error)));
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("end", () => resolve(text));
    socket.write(line);
  });
}

function failure(path: string, error: Error): Failure {
  switch (errnoOf(error)) {
    case "ENOENT":
    case "ECONNREFUSED":
      return balancerControlFailure("balancer-not-running", { path });
    case "EACCES":
    case "EPERM":
      return balancerControlFailure("control-denied", { path });
    default:
      return balancerControlFailure("control-failed", { path, reason: error.message });
  }
}
