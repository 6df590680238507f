import { connect } from "node:net";
import { errnoOf, Failure, messageOf } from "../../domain/failure.ts";
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
    throw new Failure("failed", "control-reply", `${path}: answer not understood: ${messageOf(error)}`);
  }
  if (reply.ok) return reply.status;
  const { kind, code, message, hint } = reply.error;
  throw new Failure(kind, code, message, hint);
}

function ask(path: string, line: string, timeout: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(path);
    socket.setEncoding("utf8");
    socket.setTimeout(timeout * 1000, () => {
      socket.destroy(new Failure("unreachable", "control-timeout", `${path}: no answer within ${timeout} s`));
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
      return new Failure(
        "unreachable",
        "balancer-not-running",
        `no balancer answers at ${path}`,
        "start it, or name its admin.socket",
      );
    case "EACCES":
    case "EPERM":
      return new Failure(
        "auth",
        "control-denied",
        `${path}: not permitted`,
        "run this as root or as the balancer's user",
      );
    default:
      return new Failure("unreachable", "control-failed", `${path}: ${error.message}`);
  }
}
