import { dirname } from "node:path";
import { readKeytab } from "../../balancer/wire/kerberos/keytab.ts";
import { readValves } from "../../cloudera/config/valve.ts";
import { Failure } from "../../domain/failure.ts";
import { OWN_KEYTAB } from "../../domain/well-known.ts";
import { type ConfFile, effectiveSecurity, type HueSecurity } from "../../hue/effective.ts";
import { type Answers, answerOf } from "../answers/answers.ts";
import type { Login } from "../world/login.ts";
import type { World } from "../world/world.ts";
import { isSecured, securityFacts } from "./security-facts.ts";
import type { FoundKeytab, SecuritySurvey, Survey } from "./survey.ts";

/**
 * Reads what Hue says about its connections to Impala and, on a secured cluster, what lies on this host. Files that
 * cannot be read are left to the plan, which says why.
 * @param login to the Cloudera Manager that configures Hue
 */
export async function surveySecurity(
  answers: Answers,
  survey: Survey,
  login: Login | undefined,
  world: World,
): Promise<SecuritySurvey> {
  const hue = await hueSecurityOf(answers, survey, login, world);
  const facts = securityFacts(survey.discovery?.facts, hue);
  const known = hue === undefined ? {} : { hue };
  if (!isSecured(facts)) return known;
  const fullName = await world.network.fullName(world.hostName);
  if (facts.kerberos !== true) return { ...known, fullName };
  const keytab = await findKeytab([answerOf(answers, "kerberosKeytab"), hue?.keytab, OWN_KEYTAB], world);
  return { ...known, fullName, ...(keytab === undefined ? {} : { keytab }) };
}

async function hueSecurityOf(
  answers: Answers,
  { discovery }: Survey,
  login: Login | undefined,
  world: World,
): Promise<HueSecurity | undefined> {
  const hueIni = answerOf(answers, "hueIni");
  if (answerOf(answers, "target") === "hue-ini") {
    return hueIni === undefined ? undefined : securityIn(() => world.hue.confFolder(dirname(hueIni)));
  }
  // The valves add to what the cluster says; without security there they are read once, for the plan.
  if (login === undefined || discovery?.hueService === undefined) return undefined;
  if (!isSecured(securityFacts(discovery.facts, undefined))) return undefined;
  const valves = await readValves(login, discovery.cluster, discovery.hueService);
  return effectiveSecurity(
    valves
      .filter(({ set }) => set)
      .map((valve) => ({ path: valve.property, bytes: Buffer.from(valve.value) })),
  );
}

async function securityIn(read: () => Promise<readonly ConfFile[]>): Promise<HueSecurity | undefined> {
  try {
    return effectiveSecurity(await read());
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

async function findKeytab(
  paths: readonly (string | undefined)[],
  world: World,
): Promise<FoundKeytab | undefined> {
  for (const path of paths) {
    if (path === undefined) continue;
    const names = await keytabNames(path, world);
    if (names !== undefined) return { path, names };
  }
  return undefined;
}

const KEYTAB = { en: "the keytab", ja: "keytab" };

async function keytabNames(path: string, world: World): Promise<readonly string[] | undefined> {
  const input = await world.readInput(path, KEYTAB).catch(() => undefined);
  if (input === undefined) return undefined;
  const entries = readKeytab(input.bytes);
  return typeof entries === "string" ? undefined : [...new Set(entries.map(({ name }) => name))];
}
