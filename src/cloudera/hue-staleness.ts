import type { CmClient } from "./client.ts";
import { RoleList } from "./shapes.ts";

/**
 * True when a started Hue server runs with an older configuration than Cloudera Manager has. Cloudera Manager computes that
 * some time after a change, so "false" right after one means little.
 * @throws Failure as the client does
 */
export async function hueIsStale(client: CmClient, cluster: string, hueService: string): Promise<boolean> {
  const path = ["clusters", cluster, "services", hueService, "roles"];
  const { items } = await client.get(path, RoleList, { filter: "type==HUE_SERVER" });
  return items.some(
    ({ type, roleState, configStalenessStatus: status }) =>
      type === "HUE_SERVER" && roleState === "STARTED" && status != null && status !== "FRESH",
  );
}
