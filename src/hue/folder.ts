import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errnoOf, Failure, messageOf } from "../domain/failure.ts";
import type { Warning } from "../domain/warning.ts";
import type { ConfFile } from "./effective.ts";

/** Where packages and parcels put Hue; its `desktop/conf` is the configuration folder unless HUE_CONF_DIR says otherwise. */
const HUE_HOMES = [
  "/usr/lib/hue",
  "/opt/cloudera/parcels/CDH/lib/hue",
  "/usr/share/hue",
  "/usr/local/hue",
  "/opt/hue",
];

/** Default places of hue.ini; the first is the tutorial's, the second is the packages'. */
const HUE_INIS = ["/etc/hue/hue.ini", "/etc/hue/conf/hue.ini"];

/**
 * The files Hue reads in a configuration folder, in its order: names that end in `.ini` and do not start with a dot, by code
 * point. As in Hue, a folder or a dangling link with such a name counts as an empty file.
 * @throws Failure `settings`, code `no-conf-folder`; `auth`, code `unreadable-conf`
 */
export async function readConfFolder(folder: string): Promise<ConfFile[]> {
  let names: Buffer[];
  try {
    names = await readdir(folder, { encoding: "buffer" });
  } catch (error) {
    throw unreadable(folder, error);
  }
  // The order of UTF-8 bytes is the order of code points, which is Python's; JavaScript's own order is not.
  const wanted = names.filter(isConfName).sort(Buffer.compare);
  return Promise.all(
    wanted.map(async (name) => ({
      path: join(folder, name.toString("utf-8")),
      bytes: await readIfFile(Buffer.concat([Buffer.from(join(folder, "/")), name])),
    })),
  );
}

function isConfName(name: Buffer): boolean {
  return name[0] !== 0x2e && name.subarray(-4).equals(Buffer.from(".ini"));
}

async function readIfFile(path: Buffer): Promise<Uint8Array> {
  try {
    return (await stat(path)).isFile() ? await readFile(path) : new Uint8Array();
  } catch (error) {
    if (errnoOf(error) === "ENOENT" || errnoOf(error) === "ELOOP") return new Uint8Array();
    throw unreadable(path.toString("utf-8"), error);
  }
}

function unreadable(path: string, error: unknown): Failure {
  const code = errnoOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") {
    return new Failure(
      "settings",
      "no-conf-folder",
      `${path} is not a folder`,
      "name the hue.ini that Hue reads",
    );
  }
  return new Failure(
    "auth",
    "unreadable-conf",
    `${path}: ${messageOf(error)}`,
    "run as root or as Hue's user",
  );
}

/** The hue.ini files at their default places, best first. */
export interface HueInis {
  readonly paths: readonly string[];
  /** Two different files with different content: a person must say which one is meant. */
  readonly differ: boolean;
  /** How it is known which one Hue reads; undefined if it is not. */
  readonly evidence?: string;
}

/**
 * Looks for `/etc/hue/hue.ini` (the tutorial) and `/etc/hue/conf/hue.ini` (the packages). Where both exist as different
 * files, the first of `paths` is the one Hue reads: the one in the folder that an installed Hue's `desktop/conf` leads to,
 * else the packages' one.
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
  const differ = !(await readFile(first.real)).equals(await readFile(second.real));
  const known = readsFirst || (read !== undefined && dirname(second.real) === read.folder);
  return { paths, differ, ...(known ? { evidence: `${read.link} leads to ${read.folder}` } : {}) };
}

async function folderOfInstalledHue(root: string): Promise<{ link: string; folder: string } | undefined> {
  for (const home of HUE_HOMES) {
    const link = join(root, home, "desktop/conf");
    const folder = await realpathOrNothing(link);
    if (folder !== undefined) return { link, folder };
  }
  return undefined;
}

/**
 * Signs that Cloudera Manager generates what Hue reads, so that an edit of this file is useless or lost at the next start:
 * the agent's configuration (Hue itself goes by it) and a process folder of the agent. Empty: none.
 * @param root prefix of the agent's path, for tests
 */
export async function cmManagedSigns(path: string, root = "/"): Promise<string[]> {
  const signs: string[] = [];
  const agent = join(root, "/etc/cloudera-scm-agent/config.ini");
  if ((await realpathOrNothing(agent)) !== undefined) signs.push(`${agent} exists`);
  const real = (await realpathOrNothing(path)) ?? path;
  if (real.includes("cloudera-scm-agent")) signs.push(`${real} is in a folder of the Cloudera Manager agent`);
  return signs;
}

/**
 * Warns of an installed Hue before 3.6, which ignores `[impala] server_conn_timeout`; its version stands in the file VERSION
 * in its home. Empty where no version is to be found.
 * @param root prefix of all paths, for tests
 */
export async function oldHueWarnings(root = "/"): Promise<Warning[]> {
  for (const home of HUE_HOMES) {
    const path = join(root, home, "VERSION");
    const text = await readFile(path, "utf-8").catch(() => "");
    const [, major, minor] = /^VERSION="?([0-9]+)\.([0-9]+)/m.exec(text) ?? [];
    if (major === undefined) continue;
    if (Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 6)) return [];
    const message = `Hue ${major}.${minor} (${path}) ignores server_conn_timeout in [impala] and takes the one of [beeswax]`;
    return [{ code: "hue-before-3.6", message }];
  }
  return [];
}

async function realpathOrNothing(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
