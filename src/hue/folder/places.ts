import { realpath } from "node:fs/promises";

/**
 * Where packages and parcels put Hue; its `desktop/conf` is the configuration folder unless HUE_CONF_DIR says
 * otherwise.
 */
export const HUE_HOMES = [
  "/usr/lib/hue",
  "/opt/cloudera/parcels/CDH/lib/hue",
  "/usr/share/hue",
  "/usr/local/hue",
  "/opt/hue",
];

/** Where a path leads, links followed; undefined if it leads nowhere. */
export async function realpathOrNothing(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
