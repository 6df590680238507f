import { connect, type Socket } from "node:net";
import { controlInWords, type Told } from "../../balancer/admin/control/control.ts";
import type { StepResult } from "../../balancer/backends/health/exchange.ts";
import { openAndCloseSession } from "../../balancer/backends/health/hiveserver2-check.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import { systemText } from "../../messages/errno.ts";

/** A balancer that runs, as its administrator and as its clients see it. */
export interface ServingBalancer {
  /** What the bundled one says of itself through its control socket. @throws Failure as `control` */
  status(socket: string): Promise<Told>;
  /** Opens and closes a HiveServer2 session through it, with no transport around plain Thrift. */
  call(endpoint: Endpoint): Promise<StepResult>;
}

export const servingBalancer: ServingBalancer = {
  status: (socket) => controlInWords(socket, { command: "status" }),
  call,
};

/** Seconds for each HiveServer2 call. */
const CALL_TIMEOUT = 10;
const USER = "hue-impala-setup";

async function call(endpoint: Endpoint): Promise<StepResult> {
  let socket: Socket | undefined;
  try {
    socket = await connected(endpoint);
    return await openAndCloseSession(socket, USER, CALL_TIMEOUT);
  } catch (error) {
    return { outcome: "failed", text: systemText(error) };
  } finally {
    socket?.destroy();
  }
}

function connected(endpoint: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(endpoint, () => resolve(socket));
    socket.once("error", reject);
  });
}
