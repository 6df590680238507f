import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { errnoOf } from "../../../domain/failure.ts";
import { STATE_DIR } from "../../../domain/well-known.ts";
import type { FileStat, FsPort, OpenFolder } from "../port/fs-port.ts";
import { sha256 } from "../sha256.ts";
import { judgeLinks, judgeNames } from "./judge.ts";
import { openStateFolder } from "./state-folder.ts";
import { walk } from "./walk.ts";

/** A file's real place after all symbolic links, its folder held open, and where its companions may live. */
export interface Place {
  readonly path: string;
  /** The deepest folder on the way that exists: the file's own if `missing` is empty. */
  readonly folder: OpenFolder;
  /** Names of folders that do not exist yet, outermost first. */
  readonly missing: readonly string[];
  readonly base: string;
  /** Outside the folder, for records of rewrites, and for companions when the folder cannot be written to. */
  readonly spare: string;
  /** Undefined: there is no such file. */
  readonly stat: FileStat | undefined;
}

/**
 * Goes to a file that need not exist, judges the links on the way, and does `work` while its folder is held open.
 * @param spareRoot see {@link defaultSpareRoot}
 * @throws Failure `link-loop`, `untrusted-link`; what `work` throws; Node's system errors
 */
export async function atPlace<T>(
  fs: FsPort,
  path: string,
  spareRoot: string | undefined,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const { nearest, missing, base, stat, links } = await walk(fs, path);
  const open: OpenFolder = nearest;
  try {
    const folder = await nearest.stat();
    judgeLinks(path, links, stat ?? folder);
    if (stat !== undefined) judgeNames(path, stat, folder);
    const real = join(nearest.path, ...missing, base);
    const spare = join(spareRoot ?? defaultSpareRoot(), sha256(real).slice(0, 16));
    return await work({ path: real, folder: nearest, missing, base, spare, stat });
  } finally {
    await open.close();
  }
}

/**
 * `/var/lib/hue-impala-setup/files` for root, below `$XDG_STATE_HOME` or `~/.local/state` for others. Accounts of
 * services often have no home, or one that they may not write to: theirs is in `/var/tmp`, which outlasts a reboot.
 */
export function defaultSpareRoot(): string {
  const user = process.geteuid?.();
  if (user === 0) return join(STATE_DIR, "files");
  const state = process.env["XDG_STATE_HOME"];
  if (state !== undefined && isAbsolute(state)) return join(state, "hue-impala-setup/files");
  const home = usableHome();
  if (home === undefined) return `/var/tmp/hue-impala-setup-${user ?? "files"}`;
  return join(home, ".local/state/hue-impala-setup/files");
}

/** The home of this user if it is there to be written to. */
function usableHome(): string | undefined {
  try {
    const home = homedir();
    accessSync(home, constants.W_OK | constants.X_OK);
    return isAbsolute(home) ? home : undefined;
  } catch {
    // No entry among the users, no such folder, or no permission.
    return undefined;
  }
}

/** Does `work` in the spare folder of a place, made if need be (mode 0700). @throws Failure `untrusted-folder` */
export async function inSpare<T>(
  fs: FsPort,
  place: Place,
  work: (folder: OpenFolder) => Promise<T>,
): Promise<T> {
  return using(await openStateFolder(fs, place.spare, 0o700), work);
}

/** The same if the folder is there and nobody else can have put anything into it; otherwise undefined. */
export async function inSpareIfThere<T>(
  fs: FsPort,
  place: Place,
  work: (folder: OpenFolder) => Promise<T>,
): Promise<T | undefined> {
  let folder: OpenFolder;
  try {
    folder = await openStateFolder(fs, place.spare);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES", "untrusted-folder"].includes(errnoOf(error) ?? "")) return undefined;
    throw error;
  }
  return using(folder, work);
}

async function using<T>(folder: OpenFolder, work: (folder: OpenFolder) => Promise<T>): Promise<T> {
  try {
    return await work(folder);
  } finally {
    await folder.close();
  }
}
