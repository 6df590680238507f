import { dirname, join } from "node:path";
import type { Text } from "../../domain/text.ts";
import { HUE_INIS } from "../../domain/well-known.ts";
import { readInput } from "../../system/files/read-input.ts";
import { HUE_HOMES, realpathOrNothing } from "./places.ts";

/** The hue.ini files at their default places, best first. */
export interface HueInis {
  readonly paths: readonly string[];
  /** Two different files with different content: a person must say which one is meant. */
  readonly differ: boolean;
  /** How it is known which one Hue reads; undefined if it is not. */
  readonly evidence?: Text;
}

/**
 * Looks for `/etc/hue/hue.ini` (the tutorial) and `/etc/hue/conf/hue.ini` (the packages). Where both exist as different
 * files, the first of `paths` is the one Hue reads: the one in the folder that an installed Hue's `desktop/conf` leads
 * to, else the packages' one.
 * @param root prefix of all paths, for tests
 */
export async function findHueInis(root = "/"): Promise<HueInis> {
  const found: { path: string; real: string }[] = [];
  for (const one of HUE_INIS) {
    const path = join(root, one);
    const real = await realpathOrNothing(path);
    if (real !== undefined && !found.some((other) => other.real === real)) found.push({ path, real });
  }
  const [first, second] = found;
  if (first === undefined || second === undefined)
    return { paths: found.map((one) => one.path), differ: false };
  const read = await folderOfInstalledHue(root);
  const readsFirst = read !== undefined && dirname(first.real) === read.folder;
  const paths = readsFirst ? [first.path, second.path] : [second.path, first.path];
  const what = { en: "hue.ini", ja: "hue.ini" };
  const [one, other] = await Promise.all([first, second].map(({ real }) => readInput(real, { what })));
  const differ = one === undefined || other === undefined || !one.bytes.equals(other.bytes);
  const known = readsFirst || (read !== undefined && dirname(second.real) === read.folder);
  return { paths, differ, ...(known ? { evidence: leadsTo(read) } : {}) };
}

function leadsTo({ link, folder }: Installed): Text {
  return { en: `${link} leads to ${folder}`, ja: `${link} の参照先は ${folder}` };
}

/** An installed Hue's configuration folder, and the link that leads to it. */
interface Installed {
  readonly link: string;
  readonly folder: string;
}

async function folderOfInstalledHue(root: string): Promise<Installed | undefined> {
  for (const home of HUE_HOMES) {
    const link = join(root, home, "desktop/conf");
    const folder = await realpathOrNothing(link);
    if (folder !== undefined) return { link, folder };
  }
  return undefined;
}
