import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { HIVESERVER2_PORT, IMPALAD_WEB_PORT } from "../../domain/well-known.ts";
import { CHOICE } from "../../messages/failures/cloudera/discovery.ts";
import { type CmConnection, type CmOptions, type CmReader, openCloudera } from "../client/client.ts";
import { ClusterList, type Role, type Service, ServiceList } from "../client/shapes.ts";
import { type Flags, flagsOf, withFlags } from "../config/gflags.ts";
import {
  effective,
  effectiveFlag,
  effectivePort,
  NO_PROPERTIES,
  type Properties,
} from "../config/properties.ts";
import { hostNames } from "../roles/hosts.ts";
import { advise } from "./advice.ts";
import { choose } from "./choose.ts";
import { judgeImpalad } from "./eligibility.ts";
import { type ClusterFacts, impalaFacts, readHue, readKerberos, usesPrincipals } from "./facts.ts";
import { type ImpalaRoles, readImpalads } from "./impalads.ts";

/** An Impala daemon as Cloudera Manager knows it. */
export interface Impalad {
  readonly host: string;
  /** HiveServer2 port in effect (0 when it has none). */
  readonly port: number;
  readonly eligible: boolean;
  /** Why it is not eligible, or null. */
  readonly reason: string | null;
  readonly cluster: string;
  readonly service: string;
  readonly role: string;
  readonly roleConfigGroup: string;
  /** Cloudera Manager's health summary: GOOD, CONCERNING, BAD, …; UNKNOWN when it gives none. */
  readonly health: string;
  /** Port of the debug web server, absent when it is off. */
  readonly webPort?: number;
  /** Why an eligible one deserves a look. */
  readonly note?: string;
}

/** The same with its words in both languages, for people. */
export interface DiscoveredImpalad extends Impalad {
  readonly reasonText: Text | null;
  readonly noteText?: Text;
}

/** As JSON documents and the library show it: in English. */
export function inEnglish({ reasonText: _, noteText: __, ...impalad }: DiscoveredImpalad): Impalad {
  return impalad;
}

export interface Choice {
  readonly cluster?: string;
  readonly hueService?: string;
  readonly impalaService?: string;
}

export interface Discovery {
  readonly cluster: string;
  readonly impalaService: string;
  /** Absent when the cluster has no Hue, or was not asked for. */
  readonly hueService?: string;
  /** Hosts of its HUE_SERVER roles; empty without Hue. */
  readonly hueHosts: string[];
  readonly impalads: DiscoveredImpalad[];
  readonly facts: ClusterFacts;
  readonly warnings: Warning[];
}

export interface DiscoverOptions {
  /** Look for the Hue service too (default true). Several without a choice are then a question. */
  readonly hue?: boolean;
}

/**
 * The Impalads of one Impala service with their eligibility, and the facts that bear on balancing them. Sends at most 8
 * requests (the version's included) plus one per role config group in use, however many hosts there are.
 * @throws ChoiceNeeded when there are several clusters or services and none was chosen
 * @throws Failure as the client does
 */
export async function discover(
  client: CmReader,
  choice: Choice = {},
  options: DiscoverOptions = {},
): Promise<Discovery> {
  const warnings: Warning[] = [...client.warnings];
  // From v32 on, compute clusters (which may run Impalas of their own) are listed only when asked for.
  const clusters = await client.get(
    ["clusters"],
    ClusterList,
    client.apiVersion >= 32 ? { clusterType: "any" } : {},
  );
  const cluster = choose(clusters.items, choice.cluster, {
    noun: "cluster",
    what: CHOICE.cluster,
    where: CHOICE.inManager(client.url),
    option: "--cluster",
  }).name;
  const services = (await client.get(["clusters", cluster, "services"], ServiceList)).items;
  const impala = chooseService(services, "IMPALA", choice.impalaService, cluster);
  const hue = options.hue === false ? undefined : findHue(services, choice.hueService, cluster);

  const roles = await readImpalads(client, cluster, impala.name);
  const hueServers = hue === undefined ? undefined : await readHue(client, cluster, hue.name);
  const nameOf = await hostNames(client, [...roles.roles, ...(hueServers?.roles ?? [])]);
  const impalads = roles.roles.map((role) => impaladOf(role, roles, nameOf(role), cluster, impala.name));
  const eligible = new Set(impalads.filter((impalad) => impalad.eligible).map(({ role }) => role));
  const flags = roles.roles
    .filter(({ name }) => eligible.has(name))
    .map((role) => ({ host: nameOf(role), flags: flagsOfRole(role, roles) }));
  const facts: ClusterFacts = {
    kerberos: usesPrincipals(flags) || (await readKerberos(client, cluster, services)),
    ...impalaFacts(roles, impala.name, eligibleGroups(impalads), flags),
    ...(hueServers?.impalaService === undefined ? {} : { hueImpalaService: hueServers.impalaService }),
    ...(hueServers?.connTimeout === undefined ? {} : { hueConnTimeout: hueServers.connTimeout }),
  };
  warnings.push(...roles.warnings, ...advise(facts, impala.name).warnings);
  const hueHosts = (hueServers?.roles ?? []).map(nameOf).filter((host) => host !== undefined);
  return {
    cluster,
    impalaService: impala.name,
    ...(hue === undefined ? {} : { hueService: hue.name }),
    hueHosts: [...new Set(hueHosts)],
    impalads: impalads.sort(byRank),
    facts,
    warnings,
  };
}

/**
 * The Impalads of a cluster, for scripts of one's own: connects, discovers, disconnects.
 * @throws Failure as {@link openCloudera} and {@link discover}
 */
export async function discoverImpalads(
  connection: CmConnection,
  choice: Choice = {},
  options: CmOptions = {},
): Promise<Impalad[]> {
  const client = await openCloudera(connection, options);
  try {
    const { impalads } = await discover(client, choice, { hue: choice.hueService !== undefined });
    return impalads.map(inEnglish);
  } finally {
    client.close();
  }
}

function chooseService(
  services: readonly Service[],
  type: "IMPALA" | "HUE",
  wanted: string | undefined,
  cluster: string,
): Service {
  return choose(
    services.filter((service) => service.type === type),
    wanted,
    {
      noun: "service",
      what: CHOICE.service(type === "IMPALA" ? "Impala" : "Hue"),
      where: CHOICE.inCluster(cluster),
      option: type === "IMPALA" ? "--impala-service" : "--hue-service",
    },
  );
}

function findHue(
  services: readonly Service[],
  wanted: string | undefined,
  cluster: string,
): Service | undefined {
  const any = services.some((service) => service.type === "HUE");
  return any || wanted !== undefined ? chooseService(services, "HUE", wanted, cluster) : undefined;
}

function impaladOf(
  role: Role,
  roles: ImpalaRoles,
  host: string | undefined,
  cluster: string,
  service: string,
): DiscoveredImpalad {
  const group = groupOf(role, roles);
  const own = withFlags(roles.overrides.get(role.name) ?? NO_PROPERTIES, flagsOfRole(role, roles));
  const port = effectivePort("hs2_port", own, group, HIVESERVER2_PORT);
  const webPort = effectivePort("impalad_webserver_port", own, group, IMPALAD_WEB_PORT);
  const web =
    effectiveFlag("impalad_enable_webserver", own, group, true) && webPort !== undefined && webPort > 0;
  const { eligible, reason, note } = judgeImpalad({
    type: role.type,
    host,
    port,
    roleState: role.roleState ?? undefined,
    commissionState: role.commissionState ?? undefined,
    maintenanceMode: role.maintenanceMode === true,
    specialization: effective("impalad_specialization", own, group),
    healthSummary: role.healthSummary ?? undefined,
  });
  return {
    host: host ?? "",
    port: port ?? 0,
    eligible,
    reason: reason?.en ?? null,
    reasonText: reason,
    cluster,
    service,
    role: role.name,
    roleConfigGroup: role.roleConfigGroupRef?.roleConfigGroupName ?? "",
    health: role.healthSummary ?? "UNKNOWN",
    ...(web ? { webPort } : {}),
    ...(note === undefined ? {} : { note: note.en, noteText: note }),
  };
}

function groupOf(role: Role, { groups }: ImpalaRoles): Properties {
  return groups.get(role.roleConfigGroupRef?.roleConfigGroupName ?? "") ?? NO_PROPERTIES;
}

function flagsOfRole(role: Role, roles: ImpalaRoles): Flags {
  return flagsOf(roles.service, groupOf(role, roles), roles.overrides.get(role.name) ?? NO_PROPERTIES);
}

function eligibleGroups(impalads: readonly Impalad[]): readonly string[] {
  return [
    ...new Set(impalads.filter(({ eligible }) => eligible).map(({ roleConfigGroup }) => roleConfigGroup)),
  ];
}

/** By host name, the way people count them: impalad2 before impalad10. */
const COLLATOR = new Intl.Collator("en", { numeric: true });

function byRank(a: Impalad, b: Impalad): number {
  return COLLATOR.compare(a.host, b.host) || COLLATOR.compare(a.role, b.role);
}
