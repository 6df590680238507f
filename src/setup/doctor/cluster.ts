import type { ListenerSpec } from "../../balancer/spec/spec.ts";
import type { CmReader } from "../../cloudera/client/client.ts";
import { readValves, type Valve, valveName } from "../../cloudera/config/valve.ts";
import { discover } from "../../cloudera/discovery/discovery.ts";
import type { Finding } from "../../domain/finding.ts";
import type { Language } from "../../domain/text.ts";
import { type ConfFile, type EffectiveImpala, effectiveImpala } from "../../hue/effective.ts";
import { clusterFinding } from "../../messages/findings/cluster.ts";
import { clouderaWarning } from "../../messages/warnings/cloudera.ts";
import type { Answers } from "../answers/answers.ts";
import { loadedSettings } from "../apply/loaded.ts";
import { choiceOf } from "../survey/cluster.ts";
import type { Diagnosis } from "./hue-ini.ts";
import { examineImpalads } from "./impalads.ts";
import { examineLoaded } from "./loaded.ts";
import { takesPart } from "./security.ts";
import { examineSettings } from "./settings.ts";
import { fromWarning } from "./told.ts";
import { examineTransport, transportOf } from "./transport.ts";

/** The settings of the valves, and Cloudera Manager's own field for the time limit: a valve wins over it. */
function besideField(field: string | undefined, effect: EffectiveImpala): Finding[] {
  const found = examineSettings(effect);
  if (field === undefined) return found;
  const value = effect.settings.serverConnTimeout?.value;
  // The field gives what no valve sets.
  if (value === undefined) return found.filter(({ check }) => check !== "server-conn-timeout");
  if (String(value) === field) return found;
  return [...found, fromWarning(clouderaWarning("conn-timeout-field", { field, value: String(value) }))];
}

/** What Cloudera Manager says: the Impalads, Hue's safety valves, what the running Hue servers have loaded. */
export async function examineCluster(
  client: CmReader,
  answers: Answers,
  listener?: ListenerSpec,
): Promise<Diagnosis> {
  const discovery = await discover(client, choiceOf(answers));
  const impalads = examineImpalads(discovery, takesPart(listener));
  const { cluster, hueService } = discovery;
  if (hueService === undefined) {
    return { findings: [...impalads, clusterFinding("no-hue-in-cluster", { cluster })] };
  }
  const valves = await readValves(client, cluster, hueService);
  const set = valves.filter((valve) => valve.set);
  const read = (language: Language) => effectiveImpala(filesOf(set, language), { partial: true });
  const effect = read("en");
  const field = discovery.facts.hueConnTimeout;
  const loaded = await loadedSettings(client, cluster, hueService);
  const findings = [
    ...impalads,
    ...inBoth(besideField(field, effect), besideField(field, read("ja"))),
    examineTransport(transportOf(discovery.facts, effect.transport), takesPart(listener)),
    ...loaded.map((server) => examineLoaded(effect, server)),
  ];
  return { findings, effect };
}

/** Valves as files that are called by the valves' names. */
function filesOf(valves: readonly Valve[], language: Language): ConfFile[] {
  return valves.map((valve) => ({ path: valveName(valve)[language], bytes: Buffer.from(valve.value) }));
}

/** The same findings, worded with names of either language, as one. */
function inBoth(english: readonly Finding[], japanese: readonly Finding[]): Finding[] {
  return english.map((finding, at) => {
    const { text, remedyText } = japanese[at] ?? finding;
    return {
      ...finding,
      text: { en: finding.text.en, ja: text.ja },
      ...(remedyText === undefined ? {} : { remedyText: { en: finding.remedy ?? "", ja: remedyText.ja } }),
    };
  });
}
