import { control } from "../../balancer/admin/control/control.ts";
import type { BackendStats, BalancerStats } from "../../balancer/stats/stats.ts";
import { Failure } from "../../domain/failure.ts";
import type { Finding } from "../../domain/finding.ts";
import { sameText } from "../../domain/text.ts";
import { balancerFinding } from "../../messages/findings/balancer.ts";

/** What the bundled balancer says of itself; a finding if it does not answer. */
export async function readStatus(socket: string): Promise<BalancerStats | Finding> {
  try {
    return await control(socket, { command: "status" });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return balancerFinding("balancer-status", { reason: error.text });
  }
}

/** Each backend as the balancer sees it, and that none is up, if so. Pure. */
export function examineBackends(backends: readonly BackendStats[]): Finding[] {
  const each = backends.map((backend) => {
    const { name, address, state, lastCheck } = backend;
    const said = lastCheck === null ? undefined : sameText(lastCheck.message);
    const code = isUp(backend) ? "backend-up" : "backend-not-up";
    return balancerFinding(code, { name, address, state, lastCheck: said });
  });
  return backends.some(isUp) ? each : [...each, balancerFinding("no-backend-up")];
}

function isUp({ state }: BackendStats): boolean {
  return /^up$/i.test(state);
}
