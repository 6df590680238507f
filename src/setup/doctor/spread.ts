import type { BalancerStats } from "../../balancer/stats/stats.ts";
import type { Finding } from "../../domain/finding.ts";
import { balancerFinding } from "../../messages/findings/balancer.ts";
import type { ServingBalancer } from "../world/balancer.ts";

/** Which backends got one of our calls. */
/** @param before what the balancer said before the calls */
export async function examineSpread(
  socket: string,
  before: BalancerStats,
  calls: number,
  balancer: ServingBalancer,
): Promise<Finding> {
  const { status: after } = await balancer.status(socket);
  const earlier = totals(before);
  const reached = [...totals(after)]
    .filter(([name, total]) => total > (earlier.get(name) ?? 0))
    .map(([name]) => name);
  const code = reached.length > 1 || earlier.size === 1 ? "spread" : "spread-narrow";
  return balancerFinding(code, { calls, reached, all: earlier.size });
}

/** Connections by backend so far. */
function totals(stats: BalancerStats): Map<string, number> {
  return new Map(
    stats.listeners.flatMap(({ backends }) => backends.map(({ name, total }) => [name, total] as const)),
  );
}
