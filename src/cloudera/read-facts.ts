import type { CmClient, CmPath } from "./client.ts";
import type { ClusterFacts, LoadBalancerSetting } from "./facts.ts";
import { CmFailure } from "./failures.ts";
import { type Properties, propertiesOf } from "./ports.ts";
import type { ImpalaRoles } from "./roles.ts";
import { ConfigList, KerberosInfo, type Service } from "./shapes.ts";

export const LOAD_BALANCER_PROPERTY = "impalad_load_balancer";

interface Subject {
  readonly cluster: string;
  readonly services: readonly Service[];
  readonly impala: string;
  readonly hue?: string;
  readonly roles: ImpalaRoles;
}

/** Reads what is not known yet after the roles were read: two requests, Kerberos and Hue's dependency on Impala. */
export async function readFacts(client: CmClient, subject: Subject): Promise<ClusterFacts> {
  const { cluster, impala, hue, roles } = subject;
  const isTrue = (name: string): boolean => roles.service.get(name)?.value?.trim().toLowerCase() === "true";
  return {
    kerberos: await readKerberos(client, cluster, subject.services),
    impalaTls: isTrue("client_services_ssl_enabled"),
    ldap: isTrue("enable_ldap_auth"),
    loadBalancers: loadBalancersOf(roles.groups, roles.service, impala),
    ...(hue === undefined ? {} : { hueImpalaService: await readHueDependency(client, cluster, hue) }),
  };
}

/**
 * Where `impalad_load_balancer` is set: in the groups of the Impalads (where the web UI shows it), else at the service
 * (both are found in the field).
 */
export function loadBalancersOf(
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

/** `kerberosInfo` (v45 on), else HDFS's `hadoop_security_authentication`, which newer versions keep in CORE_SETTINGS. */
async function readKerberos(
  client: CmClient,
  cluster: string,
  services: readonly Service[],
): Promise<boolean | null> {
  if (client.apiVersion >= 45) {
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

/** Hue's `impala_service`: the dependency's service name; null when it is unset or `none`. */
async function readHueDependency(client: CmClient, cluster: string, hue: string): Promise<string | null> {
  const config = await readConfig(client, ["clusters", cluster, "services", hue, "config"]);
  const value = config?.get("impala_service")?.value?.trim() ?? "";
  return value === "" || value === "none" ? null : value;
}

async function readConfig(client: CmClient, path: CmPath): Promise<Properties | undefined> {
  const config = await orUnknown(client.get(path, ConfigList));
  return config === undefined ? undefined : propertiesOf(config.items);
}

/** A fact that the account may not read, or that this version does not offer, is unknown; everything else is an error. */
async function orUnknown<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((thrown: unknown) => {
    if (thrown instanceof CmFailure && [400, 403, 404].includes(thrown.status ?? 0)) return undefined;
    throw thrown;
  });
}
