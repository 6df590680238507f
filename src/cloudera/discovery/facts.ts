import type { CmPath, CmReader } from "../client/client.ts";
import {
  ConfigList,
  KerberosInfo,
  type Role,
  RoleList,
  type Service,
  ServiceExport,
} from "../client/shapes.ts";
import type { Flags } from "../config/gflags.ts";
import { LOAD_BALANCER_PROPERTY, type LoadBalancerSetting } from "../config/load-balancer.ts";
import { type Properties, propertiesOf } from "../config/properties.ts";
import { CmFailure } from "../http/failures.ts";
import { exportView, type ImpalaRoles } from "./impalads.ts";

/** What about the cluster changes the advice. `null`: Cloudera Manager would not tell. */
export interface ClusterFacts {
  readonly kerberos: boolean | null;
  /** TLS for HiveServer2 clients of Impala. */
  readonly impalaTls: boolean;
  readonly ldap: boolean;
  readonly loadBalancers: readonly LoadBalancerSetting[];
  /** Groups with eligible Impalads that have no load balancer while others have one. */
  readonly groupsWithout?: readonly string[];
  /**
   * Hosts of the principals that the flags of eligible Impalads name instead of their own; "": an Impalad without
   * such a flag. Absent where no flags say so. They win over Cloudera Manager's load balancer field.
   */
  readonly principalHosts?: readonly string[];
  /**
   * Hue's dependency `impala_service`: the service's name, or null when unset; undefined when Hue was not looked at.
   */
  readonly hueImpalaService?: string | null;
  /** Hue's own field `hs2_conn_timeout` ("HiveServer2 and Impala Thrift Connection Timeout"), as set; seconds. */
  readonly hueConnTimeout?: string;
}

/** The facts that the configuration of the Impala service and its groups hold. Pure. */
export function impalaFacts(
  { groups, service }: Pick<ImpalaRoles, "groups" | "service">,
  impala: string,
  eligibleGroups: readonly string[],
  eligible: readonly FlagsAt[] = [],
): Pick<ClusterFacts, "impalaTls" | "ldap" | "loadBalancers" | "groupsWithout" | "principalHosts"> {
  const isTrue = (name: string): boolean => service.get(name)?.value?.trim().toLowerCase() === "true";
  const loadBalancers = loadBalancersOf(groups, service, impala);
  const atGroups = loadBalancers.filter(({ scope }) => scope === "group").map(({ owner }) => owner);
  return {
    impalaTls: anyOf(eligible, isTrue("client_services_ssl_enabled"), ({ flags }) =>
      isNotEmpty(flags.get("ssl_server_certificate")),
    ),
    ldap: anyOf(eligible, isTrue("enable_ldap_auth"), ({ flags }) => isOn(flags.get("enable_ldap_auth"))),
    loadBalancers,
    groupsWithout: atGroups.length === 0 ? [] : eligibleGroups.filter((group) => !atGroups.includes(group)),
    ...(usesPrincipals(eligible) ? { principalHosts: [...new Set(eligible.map(principalHost))] } : {}),
  };
}

/** The flags of an Impalad on its host. */
export interface FlagsAt {
  readonly host: string | undefined;
  readonly flags: Flags;
}

/** Whether one of the Impalads has it: as its flags say, else as the field does. */
function anyOf(
  eligible: readonly FlagsAt[],
  field: boolean,
  flagged: (impalad: FlagsAt) => boolean | undefined,
): boolean {
  return eligible.length === 0 ? field : eligible.some((impalad) => flagged(impalad) ?? field);
}

function isNotEmpty(flag: string | undefined): boolean | undefined {
  return flag === undefined ? undefined : flag !== "";
}

function isOn(flag: string | undefined): boolean | undefined {
  return flag === undefined ? undefined : flag === "true";
}

/** Whether flags give Impalads a Kerberos principal, whatever the cluster's own settings are. */
export function usesPrincipals(eligible: readonly FlagsAt[]): boolean {
  return eligible.some(({ flags }) => isNotEmpty(flags.get("principal")) === true);
}

/** Host of the principal that clients need a ticket for; "" where it is the Impalad's own. */
function principalHost({ host, flags }: FlagsAt): string {
  const named = /^[^/]+\/([^@]+)/.exec(flags.get("principal") ?? "")?.[1]?.toLowerCase() ?? "";
  return named === "_host" || named === host?.toLowerCase() ? "" : named;
}

/**
 * Where `impalad_load_balancer` is set: in the groups of the Impalads (where the web UI shows it), else at the service
 * (both are found in the field).
 */
function loadBalancersOf(
  groups: ReadonlyMap<string, Properties>,
  service: Properties,
  impala: string,
): LoadBalancerSetting[] {
  const settings: LoadBalancerSetting[] = [];
  for (const [owner, properties] of groups) {
    const value = properties.get(LOAD_BALANCER_PROPERTY)?.value?.trim();
    if (value) settings.push({ scope: "group", owner, value });
  }
  const value = service.get(LOAD_BALANCER_PROPERTY)?.value?.trim();
  return settings.length === 0 && value ? [{ scope: "service", owner: impala, value }] : settings;
}

/**
 * `kerberosInfo` (v30 on), else HDFS's `hadoop_security_authentication`, which newer versions keep in CORE_SETTINGS.
 */
export async function readKerberos(
  client: CmReader,
  cluster: string,
  services: readonly Service[],
): Promise<boolean | null> {
  if (client.apiVersion >= 30) {
    const info = await orUnknown(client.get(["clusters", cluster, "kerberosInfo"], KerberosInfo));
    if (info?.kerberized != null) return info.kerberized;
  }
  const holders = ["HDFS", "CORE_SETTINGS"].flatMap((type) =>
    services.filter((service) => service.type === type),
  );
  let known: boolean | null = null;
  for (const holder of holders) {
    const config = await readConfig(client, ["clusters", cluster, "services", holder.name, "config"]);
    const value = config?.get("hadoop_security_authentication")?.value;
    if (value !== undefined) return value.trim().toLowerCase() === "kerberos";
    if (config !== undefined) known = false;
  }
  return known;
}

/** What discovery wants to know of Hue. */
export interface HueState {
  /** Hue's dependency `impala_service`: null when it is unset or `none`, undefined when it was not read. */
  readonly impalaService?: string | null;
  readonly connTimeout?: string;
  readonly roles: readonly Pick<Role, "hostRef">[];
}

/**
 * Hue's servers and its dependency on Impala in one request: the service's export view, before v11 the servers alone.
 */
export async function readHue(client: CmReader, cluster: string, hue: string): Promise<HueState> {
  const at: CmPath = ["clusters", cluster, "services", hue];
  const exported =
    client.apiVersion < 11
      ? undefined
      : await orUnknown(client.get(at, ServiceExport, { view: exportView(client) }));
  const config = exported?.config;
  const set = config == null ? undefined : propertiesOf(config.items);
  const timeout = set?.get("hs2_conn_timeout")?.value?.trim() ?? "";
  const known = {
    ...(set === undefined ? {} : { impalaService: dependency(set) }),
    ...(timeout === "" ? {} : { connTimeout: timeout }),
  };
  const roles = exported?.roles ?? (await client.get([...at, "roles"], RoleList, SERVERS)).items;
  return { ...known, roles: roles.filter((role) => role.type === "HUE_SERVER") };
}

const SERVERS = { filter: "type==HUE_SERVER" };

function dependency(config: Properties): string | null {
  const value = config.get("impala_service")?.value?.trim() ?? "";
  return value === "" || value === "none" ? null : value;
}

async function readConfig(client: CmReader, path: CmPath): Promise<Properties | undefined> {
  const config = await orUnknown(client.get(path, ConfigList));
  return config === undefined ? undefined : propertiesOf(config.items);
}

/**
 * A fact that the account may not read, or that this version does not offer, is unknown; everything else is an error.
 */
async function orUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((thrown: unknown) => {
    if (thrown instanceof CmFailure && [400, 403, 404].includes(thrown.status ?? 0)) return undefined;
    throw thrown;
  });
}
