import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { errnoOf } from "../../domain/failure.ts";
import { STATE_DIR } from "../../domain/well-known.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";
import type { FileStat, FsPort } from "./port/fs-port.ts";
import { sha256 } from "./sha256.ts";

const MOST_LINKS = 40;

/** A file's real path after all symbolic links, and where its companions (backups, temporary files) may live. */
export interface Place {
  readonly path: string;
  readonly folder: string;
  readonly base: string;
  /** Outside the folder, for companions when the folder cannot be written to. */
  readonly spare: string;
  /** Undefined: there is no such file (the folder may be missing, too). */
  readonly stat: FileStat | undefined;
}

/**
 * Follows the whole chain of symbolic links of a file that need not exist.
 * @param spareRoot see {@link defaultSpareRoot}
 * @throws Failure `link-loop`, and Node's system errors
 */
export async function locate(fs: FsPort, path: string, spareRoot = defaultSpareRoot()): Promise<Place> {
  let next = resolve(path);
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    // The folder first: a link such as ../conf/hue.ini counts from where its folder really is.
    const folder = await realFolder(fs, dirname(next));
    const real = join(folder, basename(next));
    const stat = await statIfPresent(fs, real);
    if (stat?.kind !== "link") {
      const spare = join(spareRoot, sha256(real).slice(0, 16));
      return { path: real, folder, base: basename(real), spare, stat };
    }
    next = resolve(folder, await fs.readlink(real));
  }
  const reason = {
    en: `the symbolic links of ${path} go in a circle`,
    ja: `${path} のシンボリックリンクが循環しています`,
  };
  throw systemFailure("link-loop", { reason });
}

/** `/var/lib/hue-impala-setup/files` for root, below `$XDG_STATE_HOME` or `~/.local/state` for others. */
export function defaultSpareRoot(): string {
  if (process.geteuid?.() === 0) return join(STATE_DIR, "files");
  const state = process.env["XDG_STATE_HOME"];
  const root = state !== undefined && isAbsolute(state) ? state : join(homedir(), ".local/state");
  return join(root, "hue-impala-setup/files");
}

/** `lstat`, or undefined for what does not exist. */
export async function statIfPresent(fs: FsPort, path: string): Promise<FileStat | undefined> {
  try {
    return await fs.lstat(path);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Creates the folder and its missing parents.
 * @returns the folders created, outermost first
 */
export async function createFolders(fs: FsPort, folder: string, mode: number): Promise<string[]> {
  try {
    await fs.mkdir(folder, mode);
    return [folder];
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return [];
    if (errnoOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
  }
  const parents = await createFolders(fs, dirname(folder), mode);
  // Once only: some file systems (/proc) say ENOENT although the parent is there.
  await fs.mkdir(folder, mode).catch((error: unknown) => {
    if (errnoOf(error) !== "EEXIST") throw error;
  });
  return [...parents, folder];
}

/** The real path of a folder, even if its last parts do not exist yet. */
async function realFolder(fs: FsPort, folder: string): Promise<string> {
  try {
    return await fs.realpath(folder);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    return join(await realFolder(fs, dirname(folder)), basename(folder));
  }
}
