import type { CmReader } from "../client/client.ts";
import { type Role, RoleList } from "../client/shapes.ts";

/** The HUE_SERVER roles of a Hue service; its browser-side load balancer and ticket renewer are not among them. */
export async function readHueServers(client: CmReader, cluster: string, hueService: string): Promise<Role[]> {
  const path = ["clusters", cluster, "services", hueService, "roles"];
  const { items } = await client.get(path, RoleList, { filter: "type==HUE_SERVER" });
  return items.filter((role) => role.type === "HUE_SERVER");
}

/**
 * Names of the running Hue servers whose configuration is out of date as Cloudera Manager sees it now; a change made a
 * few seconds ago may not show yet.
 * @throws Failure as the client does
 */
export async function staleHueServers(
  client: CmReader,
  cluster: string,
  hueService: string,
): Promise<string[]> {
  const servers = await readHueServers(client, cluster, hueService);
  return servers.filter((role) => !isStopped(role) && isStale(role)).map((role) => role.name);
}

/** A stopped server reads the new configuration when somebody starts it; starting it is not this tool's to decide. */
export function isStopped(role: Role): boolean {
  return role.roleState === "STOPPED" || role.roleState === "STOPPING";
}

/** Any status but FRESH: a new value of the enumeration would hardly mean "up to date". */
export function isStale(role: Role): boolean {
  return role.configStalenessStatus != null && role.configStalenessStatus !== "FRESH";
}
