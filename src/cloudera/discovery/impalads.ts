import type { Warning } from "../../domain/warning.ts";
import { clouderaWarning } from "../../messages/warnings/cloudera.ts";
import type { CmPath, CmReader } from "../client/client.ts";
import { gathered } from "../client/concurrent.ts";
import {
  type ConfigItem,
  ConfigList,
  type Role,
  RoleConfigList,
  RoleList,
  ServiceExport,
} from "../client/shapes.ts";
import { type Properties, propertiesOf } from "../config/properties.ts";
import { CmFailure } from "../http/failures.ts";

/** The Impalads of a service with everything that their effective configuration is made of. */
export interface ImpalaRoles {
  readonly roles: readonly Role[];
  /** Full configuration of each group in use, by group name. */
  readonly groups: ReadonlyMap<string, Properties>;
  /** Overrides of single roles, by role name. */
  readonly overrides: ReadonlyMap<string, Properties>;
  /** What is set explicitly at the service. */
  readonly service: Properties;
  readonly warnings: readonly Warning[];
}

/** Below v11 no list holds the overrides; so many roles at most are asked one by one. */
const MOST_SINGLE_READS = 32;

/** Page length of v57's `roles/configs`; the server's own default is 100. */
const PAGE = 500;

export async function readImpalads(client: CmReader, cluster: string, service: string): Promise<ImpalaRoles> {
  const at = ["clusters", cluster, "services", service];
  const listed = await client.get([...at, "roles"], RoleList, { filter: "type==IMPALAD" });
  // The filter is not honoured together with a view in every version, and does no harm twice.
  const roles = listed.items.filter((role) => role.type === "IMPALAD");
  const warnings: Warning[] = [];
  const names = [
    ...new Set(
      roles.map((role) => role.roleConfigGroupRef?.roleConfigGroupName).filter((name) => name != null),
    ),
  ];
  const groups = new Map<string, Properties>();
  await gathered(names, async (name) => {
    const config = await client.get([...at, "roleConfigGroups", name, "config"], ConfigList, {
      view: "full",
    });
    groups.set(name, propertiesOf(config.items));
  });
  const { overrides, serviceConfig } = await readOverrides(client, at, roles, warnings);
  return {
    roles,
    groups,
    overrides,
    service: serviceConfig ?? propertiesOf((await client.get([...at, "config"], ConfigList)).items),
    warnings,
  };
}

interface Overrides {
  readonly overrides: ReadonlyMap<string, Properties>;
  /** The service's own configuration, when the same answer held it. */
  readonly serviceConfig?: Properties;
}

/**
 * The overrides of all roles in a number of requests that does not grow with them: the export view of the service (v11
 * on, it holds the service's configuration too), else of its list of roles, else v57's pages.
 */
async function readOverrides(
  client: CmReader,
  at: CmPath,
  roles: readonly Role[],
  warnings: Warning[],
): Promise<Overrides> {
  if (client.apiVersion < 11) return { overrides: await readSingly(client, at, roles, warnings) };
  const exported = await unlessRefused(client.get(at, ServiceExport, { view: exportView(client) }));
  const serviceConfig =
    exported?.config == null ? {} : { serviceConfig: propertiesOf(exported.config.items) };
  if (exported?.roles != null) return { overrides: byRole(exported.roles, roles), ...serviceConfig };
  const query = { filter: "type==IMPALAD", view: exportView(client) };
  const listed = await unlessRefused(client.get([...at, "roles"], RoleConfigList, query));
  if (listed?.items.some((role) => role.config != null)) {
    return { overrides: byRole(listed.items, roles), ...serviceConfig };
  }
  if (client.apiVersion >= 57) return { overrides: await readPages(client, at, roles), ...serviceConfig };
  if (listed === undefined) warnings.push(unread(roles.length));
  return { overrides: new Map(), ...serviceConfig };
}

/** With passwords blanked out where the version can do that (none of the settings read here is one). */
export function exportView(client: CmReader): string {
  return client.apiVersion >= 14 ? "export_redacted" : "export";
}

/**
 * v57's `roles/configs`, for servers whose export views hold no role configuration. One request per {@link PAGE} roles.
 */
async function readPages(
  client: CmReader,
  at: CmPath,
  roles: readonly Role[],
): Promise<ReadonlyMap<string, Properties>> {
  const overrides = new Map<string, Properties>();
  for (let offset = 0; ; offset += PAGE) {
    const query = { limit: String(PAGE), offset: String(offset) };
    const { items } = await client.get([...at, "roles", "configs"], RoleConfigList, query);
    for (const [name, properties] of byRole(items, roles)) overrides.set(name, properties);
    if (items.length < PAGE) return overrides;
  }
}

async function readSingly(
  client: CmReader,
  at: CmPath,
  roles: readonly Role[],
  warnings: Warning[],
): Promise<ReadonlyMap<string, Properties>> {
  const overrides = new Map<string, Properties>();
  if (roles.length > MOST_SINGLE_READS) {
    warnings.push(unread(roles.length));
    return overrides;
  }
  await gathered(roles, async (role) => {
    const config = await client.get([...at, "roles", role.name, "config"], ConfigList);
    if (config.items.length > 0) overrides.set(role.name, propertiesOf(config.items));
  });
  return overrides;
}

function byRole(
  items: readonly { name: string; config?: { items: ConfigItem[] } | null | undefined }[],
  roles: readonly Role[],
): ReadonlyMap<string, Properties> {
  const wanted = new Set(roles.map((role) => role.name));
  return new Map(
    items
      .filter((item) => wanted.has(item.name) && item.config != null && item.config.items.length > 0)
      .map((item) => [item.name, propertiesOf(item.config?.items ?? [])]),
  );
}

function unread(count: number): Warning {
  return clouderaWarning("role-overrides-unread", { impalads: count });
}

/** The answer, or undefined when the server does not offer or allow the call. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((thrown: unknown) => {
    if (thrown instanceof CmFailure && [400, 403, 404, 500].includes(thrown.status ?? 0)) return undefined;
    throw thrown;
  });
}
