import { join } from "node:path";
import { systemFailure } from "../../../messages/failures/system/system.ts";
import { isAlive } from "../../processes/process-id.ts";
import { fileFailure } from "../file-failure.ts";
import { isLeftover } from "../names.ts";
import { MOST_BYTES, openRegular, readRegular } from "../open-regular.ts";
import { type Origin, originOf } from "../origin.ts";
import { atPlace, inSpareIfThere, type Place } from "../place/place.ts";
import { type FsPort, type OpenFolder, trySync, unlinkIfPresent } from "../port/fs-port.ts";
import { realFs } from "../port/real-fs.ts";
import { putBack } from "../write/in-place.ts";
import {
  type FoundRecord,
  findRecord,
  isOf,
  judgeRewrite,
  type RecoveryRecord,
  type RewriteState,
  removeRecord,
  strangeRecord,
} from "./record.ts";

/** What runs that were killed have left about a file. */
export interface Leftovers {
  /** Hidden temporary files. */
  readonly temporary: readonly string[];
  /** The record of a rewrite in place, if there is one, with what the file's bytes say about it. */
  readonly rewrites: readonly (FoundRecord & { readonly state: RewriteState })[];
  /** A record beside the file, which is not believed (record.ts). */
  readonly strange?: string;
}

/** What {@link removeLeftovers} did. */
export interface Removed {
  /** Paths of the temporary files and records removed. */
  readonly removed: readonly string[];
  /** The file was half-written and has its old content again. */
  readonly restored: boolean;
  /** A record beside the file, which was not believed and is still there. */
  readonly strange?: string;
}

export interface LeftoverOptions {
  readonly fs?: FsPort;
  /** See `defaultSpareRoot` in place/place.ts. */
  readonly spareRoot?: string;
}

/** A file's content and which file it came from. */
export interface Whole {
  readonly bytes: Uint8Array;
  readonly origin: Origin;
  /** A record beside the file, which is not believed (record.ts). */
  readonly strange?: string;
}

/**
 * Finds what killed runs have left about a file, changing nothing (for a dry run). A file with a rewrite in state
 * `torn` must not be read: its content is `record.old`.
 * @throws Failure as of reading the file
 */
export async function findLeftovers(path: string, options: LeftoverOptions = {}): Promise<Leftovers> {
  const fs = options.fs ?? realFs;
  try {
    return await atPlace(fs, path, options.spareRoot, (place) => find(fs, place));
  } catch (error) {
    throw fileFailure(error, "read", path);
  }
}

/**
 * Cleans up after killed runs: removes their temporary files, and gives a file that was being rewritten in place its
 * old content back. Call it before reading a file that is to be edited.
 * @throws Failure `locked` while another process is rewriting the file; as of writing the file
 */
export async function removeLeftovers(path: string, options: LeftoverOptions = {}): Promise<Removed> {
  const fs = options.fs ?? realFs;
  try {
    return await atPlace(fs, path, options.spareRoot, (place) => clean(fs, place));
  } catch (error) {
    throw fileFailure(error, "clean up", path);
  }
}

/**
 * The content of a file, but of one that a killed run has left half-written the old content, which safeWrite will put
 * back. Changes nothing, so a dry run may use it.
 * @throws Failure `locked` while another process is rewriting the file; `settings` `is-folder`, `not-regular`,
 *   `too-large`; `auth` `untrusted-link`; otherwise Node's system errors
 */
export async function readWhole(path: string, options: LeftoverOptions = {}): Promise<Whole> {
  const fs = options.fs ?? realFs;
  return atPlace(fs, path, options.spareRoot, async (place) => {
    const { bytes, origin } = await read(place, path);
    const record = await findRecord(fs, place);
    const strange = await strangeRecord(place);
    const more = strange === undefined ? {} : { strange };
    if (record === undefined || stateOf(record.record, { bytes, origin }) !== "torn")
      return { bytes, origin, ...more };
    requireEnded(place, record.record);
    return { bytes: record.record.old, origin, ...more };
  });
}

/** {@link removeLeftovers} for a place. @throws Failure `locked`, Node's system errors */
export async function clean(fs: FsPort, place: Place): Promise<Removed> {
  const { temporary, rewrites, strange } = await find(fs, place);
  let restored = false;
  for (const { record, state } of rewrites) {
    requireEnded(place, record);
    if (state === "torn") {
      await restore(place, record);
      restored = true;
    }
    await removeRecord(fs, place);
  }
  const names = temporary.length === 0 || place.missing.length > 0 ? [] : await sweep(place.folder, place);
  const spare =
    temporary.length === 0 ? [] : await inSpareIfThere(fs, place, (folder) => sweep(folder, place));
  return {
    removed: [...names, ...(spare ?? []), ...rewrites.map(({ file }) => file)],
    restored,
    ...(strange === undefined ? {} : { strange }),
  };
}

async function restore(place: Place, record: RecoveryRecord): Promise<void> {
  const { file, stat } = await openRegular(place, "r+", WHOLE);
  try {
    // Looked at once more through the handle that is written to: it must be that very file, and torn.
    const bytes = await file.read(MOST_BYTES);
    if (stateOf(record, { bytes, origin: originOf(stat) }) === "torn") await putBack(file, record.old);
  } finally {
    await file.close();
  }
}

async function sweep(folder: OpenFolder, place: Place): Promise<string[]> {
  const names = await leftoversIn(folder, place);
  for (const name of names) await unlinkIfPresent(folder, name);
  if (names.length > 0) await trySync(folder);
  return names.map((name) => join(folder.path, name));
}

async function leftoversIn(folder: OpenFolder, { base }: Place): Promise<string[]> {
  return (await folder.readdir().catch(() => [])).filter((name) => isLeftover(base, name));
}

function requireEnded(place: Place, { owner }: RecoveryRecord): void {
  if (owner.pid === process.pid || !isAlive(owner)) return;
  throw systemFailure("being-written", { pid: owner.pid, path: place.path });
}

async function find(fs: FsPort, place: Place): Promise<Leftovers> {
  const paths = async (folder: OpenFolder): Promise<string[]> =>
    (await leftoversIn(folder, place)).map((name) => join(folder.path, name));
  const beside = place.missing.length > 0 ? [] : await paths(place.folder);
  const temporary = [...beside, ...((await inSpareIfThere(fs, place, paths)) ?? [])];
  const strange = await strangeRecord(place);
  const more = strange === undefined ? {} : { strange };
  const found = await findRecord(fs, place);
  if (found === undefined) return { temporary, rewrites: [], ...more };
  // A file that has been removed since is a decision of someone else, too.
  const current = place.stat?.kind === "file" ? await read(place, place.path) : undefined;
  const state = current === undefined ? "foreign" : stateOf(found.record, current);
  return { temporary, rewrites: [{ ...found, state }], ...more };
}

function stateOf(record: RecoveryRecord, { bytes, origin }: Whole): RewriteState {
  return isOf(record, origin.identity) ? judgeRewrite(bytes, record.old, record.next) : "foreign";
}

const WHOLE = { what: { en: "the file to edit", ja: "編集するファイル" }, most: MOST_BYTES };

async function read(place: Place, path: string): Promise<Whole> {
  const opened = await openRegular({ ...place, path }, "r", WHOLE);
  try {
    return { bytes: await readRegular(opened, path, WHOLE), origin: originOf(opened.stat) };
  } finally {
    await opened.file.close();
  }
}
