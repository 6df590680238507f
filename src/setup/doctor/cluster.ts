import type { CmReader } from "../../cloudera/client/client.ts";
import { readValves, valveName } from "../../cloudera/config/valve.ts";
import { discover } from "../../cloudera/discovery/discovery.ts";
import { effectiveImpala } from "../../hue/effective.ts";
import { clusterFinding } from "../../messages/findings/cluster.ts";
import type { Answers } from "../answers/answers.ts";
import { loadedSettings } from "../apply/loaded.ts";
import { choiceOf } from "../survey/cluster.ts";
import type { Diagnosis } from "./hue-ini.ts";
import { examineImpalads } from "./impalads.ts";
import { examineLoaded } from "./loaded.ts";
import { examineSettings } from "./settings.ts";
import { examineTransport, transportOf } from "./transport.ts";

/** What Cloudera Manager says: the Impalads, Hue's safety valves, what the running Hue servers have loaded. */
export async function examineCluster(client: CmReader, answers: Answers): Promise<Diagnosis> {
  const discovery = await discover(client, choiceOf(answers));
  const impalads = examineImpalads(discovery);
  const { cluster, hueService } = discovery;
  if (hueService === undefined) {
    return { findings: [...impalads, clusterFinding("no-hue-in-cluster", { cluster })] };
  }
  const valves = await readValves(client, cluster, hueService);
  const files = valves
    .filter(({ set }) => set)
    .map((valve) => ({ path: valveName(valve), bytes: Buffer.from(valve.value) }));
  const effect = effectiveImpala(files);
  const loaded = await loadedSettings(client, cluster, hueService);
  const findings = [
    ...impalads,
    ...examineSettings(effect),
    examineTransport(transportOf(discovery.facts, effect.transport)),
    ...loaded.map((server) => examineLoaded(effect, server)),
  ];
  return { findings, effect };
}
