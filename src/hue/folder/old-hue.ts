import { join } from "node:path";
import type { Warning } from "../../domain/warning.ts";
import { readInputText } from "../../system/files/read-input.ts";
import { HUE_HOMES } from "./places.ts";

/**
 * Warns of an installed Hue before 3.6, which ignores `[impala] server_conn_timeout`; its version stands in the file VERSION
 * in its home. Empty where no version is to be found.
 * @param root prefix of all paths, for tests
 */
export async function oldHueWarnings(root = "/"): Promise<Warning[]> {
  for (const home of HUE_HOMES) {
    const path = join(root, home, "VERSION");
    const text = await readInputText(path, { what: { en: "Hue's version", ja: "Hue のバージョン" } }).catch(
      () => "",
    );
    const [, major, minor] = /^VERSION="?([0-9]+)\.([0-9]+)/m.exec(text) ?? [];
    if (major === undefined) continue;
    if (Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 6)) return [];
    const message = `Hue ${major}.${minor} (${path}) ignores server_conn_timeout in [impala] and takes the one of [beeswax]`;
    return [{ code: "hue-before-3.6", message }];
  }
  return [];
}
