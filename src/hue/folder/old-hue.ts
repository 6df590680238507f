import { join } from "node:path";
import { sameText } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { hueWarning } from "../../messages/warnings/hue.ts";
import { readInputText } from "../../system/files/read-input.ts";
import { HUE_HOMES } from "./places.ts";

/**
 * Warns of an installed Hue before 3.6, which ignores `[impala] server_conn_timeout`; its version stands in the file
 * VERSION in its home. Empty where no version is to be found.
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
    return [hueWarning("hue-before-3.6", { what: sameText(`Hue ${major}.${minor} (${path})`) })];
  }
  return [];
}
