import { dirname, join } from "node:path";
import { systemFailure } from "../../../messages/failures/system/system.ts";
import { isAlive } from "../../processes/process-id.ts";
import { fileFailure } from "../file-failure.ts";
import { isLeftover } from "../names.ts";
import { locate, type Place } from "../places.ts";
import { type FsPort, trySyncFolder, unlinkIfPresent } from "../port/fs-port.ts";
import { realFs } from "../port/real-fs.ts";
import { putBack } from "../write/in-place.ts";
import {
  type FoundRecord,
  findRecords,
  judgeRewrite,
  type RecoveryRecord,
  type RewriteState,
  removeRecord,
} from "./record.ts";

/** What runs that were killed have left about a file. */
export interface Leftovers {
  /** Hidden temporary files. */
  readonly temporary: readonly string[];
  /** Records of rewrites in place, with what the file's bytes say about each. */
  readonly rewrites: readonly (FoundRecord & { readonly state: RewriteState })[];
}

/** What {@link removeLeftovers} did. */
export interface Removed {
  /** Paths of the temporary files and records removed. */
  readonly removed: readonly string[];
  /** The file was half-written and has its old content again. */
  readonly restored: boolean;
}

export interface LeftoverOptions {
  readonly fs?: FsPort;
  /** See {@link locate}. */
  readonly spareRoot?: string;
}

/**
 * Finds what killed runs have left about a file, changing nothing (for a dry run). A file with a rewrite in state `torn`
 * must not be read: its content is `record.old`.
 * @throws Failure as of reading the file
 */
export async function findLeftovers(path: string, options: LeftoverOptions = {}): Promise<Leftovers> {
  const fs = options.fs ?? realFs;
  try {
    return await find(fs, await locate(fs, path, options.spareRoot));
  } catch (error) {
    throw fileFailure(error, "read", path);
  }
}

/**
 * Cleans up after killed runs: removes their temporary files, and gives a file that was being rewritten in place its old
 * content back. Call it before reading a file that is to be edited.
 * @throws Failure `locked` while another process is rewriting the file; as of writing the file
 */
export async function removeLeftovers(path: string, options: LeftoverOptions = {}): Promise<Removed> {
  const fs = options.fs ?? realFs;
  try {
    return await clean(fs, await locate(fs, path, options.spareRoot));
  } catch (error) {
    throw fileFailure(error, "clean up", path);
  }
}

/**
 * The content of a file, as `readFile`, but of one that a killed run has left half-written the old content, which
 * safeWrite will put back. Changes nothing, so a dry run may use it.
 * @throws Failure `locked` while another process is rewriting the file; otherwise Node's system errors
 */
export async function readWhole(path: string, options: LeftoverOptions = {}): Promise<Uint8Array> {
  const fs = options.fs ?? realFs;
  const place = await locate(fs, path, options.spareRoot);
  const torn = (await find(fs, place)).rewrites.find(({ state }) => state === "torn");
  if (torn === undefined) return fs.readFile(place.path);
  requireEnded(place, torn.record);
  return torn.record.old;
}

/** {@link removeLeftovers} for a file already located. @throws Failure `locked`, Node's system errors */
export async function clean(fs: FsPort, place: Place): Promise<Removed> {
  const { temporary, rewrites } = await find(fs, place);
  let restored = false;
  for (const { file, record, state } of rewrites) {
    requireEnded(place, record);
    if (state === "torn") {
      const open = await fs.open(place.path, "r+");
      try {
        await putBack(open, record.old);
      } finally {
        await open.close();
      }
      restored = true;
    }
    await removeRecord(fs, file);
  }
  for (const file of temporary) await unlinkIfPresent(fs, file);
  for (const folder of new Set(temporary.map((file) => dirname(file)))) await trySyncFolder(fs, folder);
  return { removed: [...temporary, ...rewrites.map(({ file }) => file)], restored };
}

function requireEnded(place: Place, { owner }: RecoveryRecord): void {
  if (owner.pid === process.pid || !isAlive(owner)) return;
  throw systemFailure("being-written", { pid: owner.pid, path: place.path });
}

async function find(fs: FsPort, place: Place): Promise<Leftovers> {
  const temporary: string[] = [];
  for (const folder of [place.folder, place.spare]) {
    const names = await fs.readdir(folder).catch(() => []);
    for (const name of names) if (isLeftover(place.base, name)) temporary.push(join(folder, name));
  }
  const records = await findRecords(fs, place);
  if (records.length === 0) return { temporary, rewrites: [] };
  // A file that has been removed since is a decision of someone else, too.
  const current = place.stat?.kind === "file" ? await fs.readFile(place.path) : undefined;
  const rewrites = records.map((found) => {
    const { old, next } = found.record;
    return {
      ...found,
      state: current === undefined ? ("foreign" as const) : judgeRewrite(current, old, next),
    };
  });
  return { temporary, rewrites };
}
