import type { Endpoint } from "../../domain/endpoint.ts";
import type { Finding } from "../../domain/finding.ts";
import { balancerFinding } from "../../messages/findings/balancer.ts";
import type { ServingBalancer } from "../world/balancer.ts";

/** Opens and closes that many sessions through the balancer, until one fails. */
export async function callThrough(
  endpoint: Endpoint,
  calls: number,
  balancer: ServingBalancer,
): Promise<Finding> {
  for (let call = 0; call < calls; call++) {
    const { outcome, text } = await balancer.call(endpoint);
    if (outcome === "good") continue;
    return balancerFinding(outcome === "unusable" ? "hiveserver2-not-spoken" : "hiveserver2-fails", {
      reason: text,
    });
  }
  return balancerFinding("hiveserver2", { calls });
}
