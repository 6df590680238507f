import type { CmClient } from "../../cloudera/client/client.ts";
import { readValves, valveName } from "../../cloudera/config/valve.ts";
import { advise } from "../../cloudera/discovery/advice.ts";
import { type Discovery, discover } from "../../cloudera/discovery/discovery.ts";
import { effectiveImpala } from "../../hue/effective.ts";
import type { Answers } from "../answers/answers.ts";
import { describeLoaded, loadedSettings } from "../apply/loaded.ts";
import { choiceOf } from "../survey/cluster.ts";
import type { Finding } from "./finding.ts";
import { type Diagnosis, examineEffect, hueEndpoint } from "./hue.ts";
import { transportFinding, transportOf } from "./transport.ts";

/** What Cloudera Manager says: the Impalads, Hue's safety valves, what the running Hue servers have loaded. */
export async function examineCluster(client: CmClient, answers: Answers): Promise<Diagnosis> {
  const discovery = await discover(client, choiceOf(answers));
  const findings = [...examineImpalads(discovery), ...noted(discovery)];
  const { cluster, hueService } = discovery;
  if (hueService === undefined) {
    return {
      findings: [
        ...findings,
        { check: "hue-service", status: "problem", message: `cluster "${cluster}" has no Hue service` },
      ],
    };
  }
  const valves = await readValves(client, cluster, hueService);
  const files = valves
    .filter(({ set }) => set)
    .map((valve) => ({ path: valveName(valve), bytes: Buffer.from(valve.value) }));
  const effect = effectiveImpala(files);
  findings.push(...examineEffect(effect));
  findings.push(transportFinding(transportOf(discovery.facts, effect.transport)));
  const endpoint = hueEndpoint(effect);
  for (const loaded of await loadedSettings(client, cluster, hueService)) {
    const { serverHost, serverPort } = loaded.settings;
    const same = serverHost?.value === endpoint?.host && Number(serverPort?.value) === endpoint?.port;
    findings.push({
      check: "hue-loaded",
      status: same ? "ok" : "warning",
      message: describeLoaded(loaded),
      ...(same ? {} : { remedy: "restart Hue in Cloudera Manager: it runs with older settings" }),
    });
  }
  return { findings, effect };
}

function examineImpalads({ impalads, impalaService }: Discovery): Finding[] {
  const eligible = impalads.filter((impalad) => impalad.eligible);
  const message = `${eligible.length} of ${impalads.length} Impalads of ${impalaService} are eligible`;
  if (eligible.length === 0) {
    return [{ check: "impalads", status: "problem", message, remedy: "hue-impala-setup discover shows why" }];
  }
  return [{ check: "impalads", status: "ok", message }];
}

function noted(discovery: Discovery): Finding[] {
  const { refusals } = advise(discovery.facts, discovery.impalaService);
  return [
    ...discovery.warnings.map(({ code, message }) => ({ check: code, status: "warning", message }) as const),
    ...refusals.map(
      ({ code, message, hint }) =>
        ({ check: code, status: "problem", message, ...(hint ? { remedy: hint } : {}) }) as const,
    ),
  ];
}
