import { connect, type Socket } from "node:net";
import { openAndCloseSession } from "../../balancer/backends/health/hiveserver2-check.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import type { Finding } from "../../domain/finding.ts";
import type { Text } from "../../domain/text.ts";
import { systemText } from "../../messages/errno.ts";
import { balancerFinding } from "../../messages/findings/balancer.ts";

/** Seconds for each HiveServer2 call. */
const CALL_TIMEOUT = 10;
const USER = "hue-impala-setup";

/** Opens and closes that many sessions through the balancer, until one fails. */
export async function callThrough(endpoint: Endpoint, calls: number): Promise<Finding> {
  for (let call = 0; call < calls; call++) {
    const { outcome, reason } = await oneCall(endpoint);
    if (outcome === "good") continue;
    return balancerFinding(outcome === "unusable" ? "hiveserver2-not-spoken" : "hiveserver2-fails", {
      reason,
    });
  }
  return balancerFinding("hiveserver2", { calls });
}

async function oneCall(endpoint: Endpoint): Promise<{ outcome: string; reason: Text }> {
  let socket: Socket | undefined;
  try {
    socket = await connected(endpoint);
    const { outcome, text } = await openAndCloseSession(socket, USER, CALL_TIMEOUT);
    return { outcome, reason: text };
  } catch (error) {
    return { outcome: "failed", reason: systemText(error) };
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
