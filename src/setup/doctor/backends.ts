import type { Told } from "../../balancer/admin/control/control.ts";
import type { BackendStats } from "../../balancer/stats/stats.ts";
import { Failure } from "../../domain/failure.ts";
import type { Finding } from "../../domain/finding.ts";
import { sameText, type Text } from "../../domain/text.ts";
import { balancerFinding } from "../../messages/findings/balancer.ts";
import type { ServingBalancer } from "../world/balancer.ts";

/** What the bundled balancer says of itself; a finding if it does not answer. */
export async function readStatus(socket: string, balancer: ServingBalancer): Promise<Told | Finding> {
  try {
    return await balancer.status(socket);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return balancerFinding("balancer-status", { reason: error.text });
  }
}

/**
 * Each backend as the balancer sees it, and that none is up, if so. Pure.
 * @param inWords what checks saw, in both languages
 */
export function examineBackends(
  backends: readonly BackendStats[],
  inWords: (sentence: string) => Text = sameText,
): Finding[] {
  const each = backends.map((backend) => {
    const { name, address, state, lastCheck } = backend;
    const said = lastCheck === null ? undefined : inWords(lastCheck.message);
    const code = isUp(backend) ? "backend-up" : "backend-not-up";
    return balancerFinding(code, { name, address, state, lastCheck: said });
  });
  return backends.some(isUp) ? each : [...each, balancerFinding("no-backend-up")];
}

function isUp({ state }: BackendStats): boolean {
  return /^up$/i.test(state);
}
