import { advise } from "../../cloudera/discovery/advice.ts";
import type { Discovery } from "../../cloudera/discovery/discovery.ts";
import type { Finding } from "../../domain/finding.ts";
import { clusterFinding } from "../../messages/findings/cluster.ts";
import { fromFailure, fromWarning } from "./told.ts";

/** How many Impalads can be balanced, and what in the cluster's security and settings stands against it. Pure. */
export function examineImpalads(
  { impalads, impalaService, facts, warnings }: Discovery,
  kerberosEnd = false,
): Finding[] {
  const eligible = impalads.filter((impalad) => impalad.eligible).length;
  return [
    clusterFinding("impalads", { eligible, all: impalads.length, service: impalaService }),
    ...warnings.map(fromWarning),
    ...advise(facts, impalaService, { kerberosEnd }).refusals.map(fromFailure),
  ];
}
