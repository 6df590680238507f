import type { Text } from "../../domain/text.ts";
import { propertyOf } from "../../messages/cloudera.ts";
import type { CmClient, CmPath, CmReader } from "../client/client.ts";
import { gathered } from "../client/concurrent.ts";
import { ConfigList, RoleConfigGroupList } from "../client/shapes.ts";
import { readHueServers } from "../roles/hue-servers.ts";
import { type ConfigOwner, configPath, readProperty, writeProperty } from "./property.ts";

/** Service-wide snippet, written to `hue_safety_valve.ini`. */
export const SERVICE_VALVE = "hue_service_safety_valve";
/** Snippet of the Hue server's group or role, written to `hue_safety_valve_server.ini`, which Hue reads later. */
export const SERVER_VALVE = "hue_server_hue_safety_valve";

/** One of Hue's advanced configuration snippets ("safety valves"): ini text that Hue merges over what CM generates. */
export interface Valve {
  readonly scope: "service" | "group" | "role";
  /** Name of the service, role config group or role. */
  readonly owner: string;
  readonly property: string;
  /** The whole text, byte for byte; "" if unset. */
  readonly value: string;
  readonly set: boolean;
  /** The file of Hue's configuration folder that it becomes. */
  readonly file?: string;
  /** Names of the HUE_SERVER roles that read it: a role's own valve replaces its group's. */
  readonly roles?: readonly string[];
}

/**
 * Hue's valves in the order in which Hue reads them, later ones winning: the service's, those of the groups with Hue
 * servers, and those that single servers override. The service and the groups that a server reads are listed also when
 * unset, so that they can be written to.
 * @throws Failure as the client does
 */
export async function readValves(client: CmReader, cluster: string, hueService: string): Promise<Valve[]> {
  const at: CmPath = ["clusters", cluster, "services", hueService];
  const service = await readProperty(client, [...at, "config"], SERVICE_VALVE);
  const groups = (await client.get([...at, "roleConfigGroups"], RoleConfigGroupList)).items.filter(
    (group) => group.roleType === "HUE_SERVER",
  );
  const roles = await readHueServers(client, cluster, hueService);
  const overrides = await gathered(roles, (role) =>
    readProperty(client, [...at, "roles", role.name, "config"], SERVER_VALVE),
  );
  const overridden = (name: string): boolean =>
    overrides[roles.findIndex((role) => role.name === name)] !== undefined;

  const groupValves = await gathered(groups, async (group) => {
    const members = roles.filter((role) => role.roleConfigGroupRef?.roleConfigGroupName === group.name);
    const config =
      group.config ?? (await client.get([...at, "roleConfigGroups", group.name, "config"], ConfigList));
    const value = config.items.find((item) => item.name === SERVER_VALVE)?.value;
    const readers = members.map((role) => role.name).filter((name) => !overridden(name));
    return valve("group", group.name, SERVER_VALVE, value, readers);
  });
  return [
    valve(
      "service",
      hueService,
      SERVICE_VALVE,
      service,
      roles.map((role) => role.name),
    ),
    // A group whose servers all have valves of their own, or that has none, is read by nobody.
    ...groupValves.filter(({ roles: readers }) => roles.length === 0 || (readers ?? []).length > 0),
    ...roles.flatMap((role, index) =>
      overrides[index] === undefined
        ? []
        : [valve("role", role.name, SERVER_VALVE, overrides[index], [role.name])],
    ),
  ];
}

/**
 * Replaces a valve's text with the same care for every scope: see {@link writeProperty}. "" removes the setting.
 * `message` appears in Cloudera Manager's revision history and should name this tool.
 * @throws ConfigChanged code `valve-changed`: somebody changed it since `valve` was read; carries both texts
 * @throws Failure as {@link writeProperty}
 */
export async function writeValve(
  client: CmClient,
  cluster: string,
  hueService: string,
  valve: Valve,
  newValue: string,
  message: string,
): Promise<{ changed: boolean }> {
  return writeProperty(client, {
    path: configPath(cluster, hueService, valve),
    property: valve.property,
    what: valveName(valve),
    expected: valve.value,
    value: newValue,
    message,
    changedCode: "valve-changed",
    ...(valve.file === undefined ? {} : { label: valve.file }),
  });
}

/** For messages: `hue_service_safety_valve of service hue`. */
export function valveName(valve: ConfigOwner & { readonly property: string }): Text {
  return propertyOf(valve.property, valve, "role config group");
}

function valve(
  scope: Valve["scope"],
  owner: string,
  property: string,
  value: string | null | undefined,
  roles: readonly string[],
): Valve {
  const file = property === SERVICE_VALVE ? "hue_safety_valve.ini" : "hue_safety_valve_server.ini";
  return { scope, owner, property, value: value ?? "", set: value != null, file, roles };
}
