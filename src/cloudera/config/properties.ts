import type { ConfigItem } from "../client/shapes.ts";

/** Properties of one role, its group or its service by API name. `default` is known from the full view only. */
export type Properties = ReadonlyMap<string, { readonly value?: string; readonly default?: string }>;

export const NO_PROPERTIES: Properties = new Map();

/** Indexes a configuration list; an explicitly set empty string stays distinguishable from unset. */
export function propertiesOf(items: readonly ConfigItem[]): Properties {
  return new Map(
    items.map((item) => [
      item.name,
      {
        ...(item.value == null ? {} : { value: item.value }),
        ...(item.default == null ? {} : { default: item.default }),
      },
    ]),
  );
}

/**
 * The value that a role runs with: its own override, else its group's value, else the property's default, else
 * undefined (the property does not exist in this version).
 */
export function effective(name: string, role: Properties, group: Properties): string | undefined {
  return role.get(name)?.value ?? group.get(name)?.value ?? group.get(name)?.default;
}

/**
 * A port property in effect, 0 for "off", or undefined when the text is no port. `fallback` is Impala's own default.
 */
export function effectivePort(
  name: string,
  role: Properties,
  group: Properties,
  fallback: number,
): number | undefined {
  const text = effective(name, role, group)?.trim();
  if (text === undefined || text === "") return fallback;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65535 ? port : undefined;
}

/** A boolean property in effect: Cloudera Manager writes `true` and `false`. */
export function effectiveFlag(name: string, role: Properties, group: Properties, fallback: boolean): boolean {
  const text = effective(name, role, group)?.trim().toLowerCase();
  return text === undefined || text === "" ? fallback : text === "true";
}
