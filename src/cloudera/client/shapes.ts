import * as v from "valibot";
import type { Text } from "../../domain/text.ts";
import { UNUSABLE } from "../../messages/failures/cloudera/answers.ts";

/**
 * What this tool reads of Cloudera Manager's answers (API description v40–v45 and the Java interfaces before it).
 * Tolerant on purpose: unset fields are omitted by the server, enumerations grow, unknown fields are dropped here,
 * which also keeps a list of a thousand roles small.
 */

/** Kept as it is: names go back to the server in paths, and whoever prints them makes them visible. */
const text = v.string();
const maybe = v.nullish(text);
const flag = v.nullish(v.boolean());

/** An empty list is sent as such: an answer without `items` is no list, and must not pass for "nothing is set". */
const list = <S extends v.GenericSchema>(item: S) => v.object({ items: v.array(item) });

export const Cluster = v.object({ name: text, displayName: maybe, clusterType: maybe });
export const ClusterList = list(Cluster);

/** One explicitly set or, in the full view, available property. Values stay byte for byte. */
export const ConfigItem = v.object({
  name: v.string(),
  value: v.nullish(v.string()),
  default: v.nullish(v.string()),
  displayName: maybe,
  relatedName: maybe,
  required: flag,
});
export type ConfigItem = v.InferOutput<typeof ConfigItem>;
export const ConfigList = list(ConfigItem);

export const Service = v.object({
  name: text,
  type: text,
  displayName: maybe,
  serviceState: maybe,
  configStalenessStatus: maybe,
});
export type Service = v.InferOutput<typeof Service>;
export const ServiceList = list(Service);

const HostRef = v.nullish(v.object({ hostId: maybe, hostname: maybe }));

export const Role = v.object({
  name: text,
  type: text,
  hostRef: HostRef,
  roleState: maybe,
  commissionState: maybe,
  healthSummary: maybe,
  maintenanceMode: flag,
  configStalenessStatus: maybe,
  roleConfigGroupRef: v.nullish(v.object({ roleConfigGroupName: maybe })),
});
export type Role = v.InferOutput<typeof Role>;
export const RoleList = list(Role);

/** A role as the export view and `roles/configs` list it: with its own overrides. */
export const RoleWithConfig = v.object({
  name: text,
  type: v.nullish(text, ""),
  hostRef: HostRef,
  config: v.nullish(ConfigList),
});
export const RoleConfigList = list(RoleWithConfig);

/** A service as the export view lists it. `roles` is absent where the server's view does not hold it. */
export const ServiceExport = v.object({
  config: v.nullish(ConfigList),
  roles: v.nullish(v.array(RoleWithConfig)),
});

export const HostList = list(v.object({ hostId: text, hostname: maybe }));

export const RoleConfigGroup = v.object({
  name: text,
  roleType: text,
  base: flag,
  displayName: maybe,
  config: v.nullish(ConfigList),
});
export const RoleConfigGroupList = list(RoleConfigGroup);

export const KerberosInfo = v.object({ kerberized: flag });

export const Command = v.object({
  id: v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d{1,15}$/), v.transform(Number))]),
  name: v.nullish(text, ""),
  active: v.nullish(v.boolean(), false),
  success: flag,
  resultMessage: maybe,
  startTime: maybe,
  serviceRef: v.nullish(v.object({ serviceName: maybe })),
  roleRef: v.nullish(v.object({ roleName: maybe })),
});
export type Command = v.InferOutput<typeof Command>;
export const CommandList = list(Command);
export const BulkCommands = v.pipe(
  v.object({ items: v.nullish(v.array(Command)), errors: v.nullish(v.array(text)) }),
  v.check((reply) => reply.items != null || reply.errors != null, "neither commands nor errors"),
  v.transform((reply) => ({ items: reply.items ?? [], errors: reply.errors ?? [] })),
);

export const Process = v.object({ configFiles: v.nullish(v.array(v.string()), []) });

/**
 * Reads `value` as `schema`; the issue's path and expectation as a string when it does not fit (never the value
 * itself).
 */
export function shaped<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
): { ok: true; value: v.InferOutput<S> } | { ok: false; why: Text } {
  const result = v.safeParse(schema, value);
  if (result.success) return { ok: true, value: result.output };
  const issue = result.issues[0];
  return { ok: false, why: UNUSABLE.shape(v.getDotPath(issue) ?? "", issue.expected ?? "") };
}
