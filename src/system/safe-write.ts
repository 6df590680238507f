import { dirname } from "node:path";
import { errnoOf, Failure } from "../domain/failure.ts";
import { keepCopy, pruneBackups } from "./backup.ts";
import { changedMeanwhile, fileFailure } from "./file-failure.ts";
import {
  AttributesNotCopied,
  type FileStat,
  type FsPort,
  realFs,
  trySyncFolder,
  unlinkIfPresent,
} from "./fs-port.ts";
import { rewriteInPlace } from "./in-place.ts";
import { clean } from "./leftovers.ts";
import { createFolders, locate, type Place, statIfPresent } from "./places.ts";
import { sha256 } from "./sha256.ts";
import { writeTemporary } from "./temp-file.ts";

export { findLeftovers, removeLeftovers } from "./leftovers.ts";
export { sha256 } from "./sha256.ts";

export interface SafeWriteOptions {
  /** SHA-256 (hexadecimal) of the content that was read; null: the file must not exist yet. */
  readonly expected: string | null;
  /** Permission bits of a new file, default 0o644; an existing file keeps its own. */
  readonly mode?: number;
  /** Permission bits of folders that have to be created, default 0o755. */
  readonly folderMode?: number;
  /** Keep a copy of the old content; default true. */
  readonly backup?: boolean;
  /** How many backups of the file to keep, the new one included; default 10. */
  readonly keepBackups?: number;
  /** Where backups go when the folder cannot be written to; default see `defaultSpareRoot` in places.ts. */
  readonly spareRoot?: string;
  readonly fs?: FsPort;
}

export interface SafeWriteResult {
  /** `unchanged`: the file has that content already and was not touched. */
  readonly way: "created" | "rename" | "in-place" | "unchanged";
  /** The file itself, after all symbolic links. */
  readonly path: string;
  /** Path of the copy of the old content. */
  readonly backup?: string;
  /** For people: why it was done this way. */
  readonly note?: string;
  /** Folders that were created, outermost first. */
  readonly createdFolders?: readonly string[];
}

/**
 * Writes a file so that a kill or a power loss at any instant leaves the whole old or the whole new content.
 *
 * Symbolic links are followed to their end. Where possible a temporary file beside it gets the content and the old
 * file's mode, owner, ACL, extended attributes and SELinux label, and takes its name; a file with several names, a mount
 * point, a foreign owner or a closed folder is rewritten in place, under a recovery record (recovery.ts).
 * The content is compared with `expected` at the start and again just before the change. Between that and the rename a
 * few microseconds remain: POSIX has no conditional rename, so runs of this tool exclude each other by lock.ts.
 * @throws Failure `failed`: `changed-meanwhile` (what was to be written is kept beside it as *.new), `disk-full`,
 *   `read-only`, `not-permitted`, `not-a-file`, …; `auth` `denied`; `partial` `half-written`; `locked` `being-written`.
 *   But for `partial` the file is then as before, and nothing new lies about.
 */
export async function safeWrite(
  path: string,
  bytes: Uint8Array,
  options: SafeWriteOptions,
): Promise<SafeWriteResult> {
  const fs = options.fs ?? realFs;
  try {
    const place = await locate(fs, path, options.spareRoot);
    await clean(fs, place);
    if (options.expected === null) return await create(fs, place, bytes, options);
    try {
      return await replace(fs, place, bytes, options, options.expected);
    } catch (error) {
      if (error instanceof Failure && error.code === "changed-meanwhile")
        throw await keepBoth(fs, place, bytes, error);
      throw error;
    }
  } catch (error) {
    throw fileFailure(error, "write", path);
  }
}

/**
 * Removes a file whose content is still `expected`; what is a symbolic link loses its target, not the link.
 * A copy stays as a backup unless `backup` is false.
 * @throws Failure as {@link safeWrite}
 */
export async function safeRemove(
  path: string,
  options: Pick<SafeWriteOptions, "backup" | "spareRoot" | "fs"> & { readonly expected: string },
): Promise<{ path: string; backup?: string }> {
  const fs = options.fs ?? realFs;
  try {
    const place = await locate(fs, path, options.spareRoot);
    await clean(fs, place);
    const { bytes } = await readExpected(fs, place, options.expected);
    const backup = options.backup === false ? undefined : await keepCopy(fs, place, bytes);
    try {
      await readExpected(fs, place, options.expected);
      await fs.unlink(place.path);
    } catch (error) {
      await discard(fs, backup);
      throw error;
    }
    await trySyncFolder(fs, place.folder);
    return { path: place.path, ...(backup === undefined ? {} : { backup }) };
  } catch (error) {
    throw fileFailure(error, "remove", path);
  }
}

async function create(
  fs: FsPort,
  place: Place,
  bytes: Uint8Array,
  options: SafeWriteOptions,
): Promise<SafeWriteResult> {
  if (place.stat !== undefined) throw changedMeanwhile(place.path, "has been created by someone else");
  const createdFolders = await createFolders(fs, place.folder, options.folderMode ?? 0o755);
  const temporary = await writeTemporary(fs, place.folder, place.base, bytes, {
    mode: options.mode ?? 0o644,
  });
  try {
    await fs.link(temporary, place.path);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") throw changedMeanwhile(place.path, "has been created by someone else");
    throw error;
  } finally {
    await unlinkIfPresent(fs, temporary).catch(() => undefined);
  }
  for (const folder of [place.folder, ...createdFolders.map((created) => dirname(created))]) {
    await trySyncFolder(fs, folder);
  }
  return { way: "created", path: place.path, ...(createdFolders.length > 0 ? { createdFolders } : {}) };
}

async function replace(
  fs: FsPort,
  place: Place,
  bytes: Uint8Array,
  options: SafeWriteOptions,
  expected: string,
): Promise<SafeWriteResult> {
  const { path } = place;
  const old = await readExpected(fs, place, expected);
  if (sha256(bytes) === expected) return { way: "unchanged", path };
  const backup = options.backup === false ? undefined : await keepCopy(fs, place, old.bytes);
  try {
    const reason = await renameOrReason(fs, place, bytes, expected, old.stat);
    if (reason !== undefined) await rewriteInPlace(fs, place, old.bytes, bytes);
    if (backup !== undefined) await pruneBackups(fs, dirname(backup), place.base, options.keepBackups ?? 10);
    return {
      way: reason === undefined ? "rename" : "in-place",
      path,
      ...(backup === undefined ? {} : { backup }),
      ...(reason === undefined ? {} : { note: `${path} was rewritten in place: ${reason}` }),
    };
  } catch (error) {
    const halfWritten = error instanceof Failure && error.kind === "partial";
    if (!halfWritten) await discard(fs, backup);
    throw error;
  }
}

/** Replaces the file by rename, or says why that cannot be done and leaves everything as it was. */
async function renameOrReason(
  fs: FsPort,
  place: Place,
  bytes: Uint8Array,
  expected: string,
  stat: FileStat,
): Promise<string | undefined> {
  if (stat.nlink > 1)
    return `it has ${stat.nlink} names (hard links), and all of them must stay the same file`;
  const elsewhere = fs.mountedElsewhere(place.path);
  if (elsewhere !== undefined)
    return `it is mounted at ${elsewhere} (in a container?), which would keep the old file`;
  let temporary: string;
  try {
    temporary = await writeTemporary(fs, place.folder, place.base, bytes, { like: place.path });
  } catch (error) {
    if (error instanceof AttributesNotCopied)
      return `its attributes cannot be given to a new file (${error.message})`;
    return reasonFor(error, TEMPORARY_REASONS);
  }
  try {
    const now = await readExpected(fs, place, expected);
    // Renamed over in between, or chmod, chown and setfacl after the attributes were copied.
    if (now.stat.identity !== stat.identity || now.stat.ctimeNs !== stat.ctimeNs)
      throw changedMeanwhile(place.path);
    await fs.rename(temporary, place.path);
  } catch (error) {
    await unlinkIfPresent(fs, temporary).catch(() => undefined);
    return reasonFor(error, RENAME_REASONS);
  }
  await trySyncFolder(fs, place.folder);
  return undefined;
}

const TEMPORARY_REASONS: Record<string, string> = {
  EACCES: "its folder cannot be written to",
  EPERM: "its folder does not permit new files",
  EROFS: "its folder is read-only",
};

const RENAME_REASONS: Record<string, string> = {
  EACCES: "its folder does not permit replacing it",
  EPERM: "its folder does not permit replacing it",
  EBUSY: "it is a mount point, such as a single file mounted into a container",
  EXDEV: "it is a mount point, such as a single file mounted into a container",
};

function reasonFor(error: unknown, reasons: Record<string, string>): string {
  const reason = reasons[errnoOf(error) ?? ""];
  if (error instanceof Failure || reason === undefined) throw error;
  return reason;
}

/** Reads the file and its attributes. @throws Failure `changed-meanwhile`, `not-a-file` */
async function readExpected(
  fs: FsPort,
  place: Place,
  expected: string,
): Promise<{ bytes: Uint8Array; stat: FileStat }> {
  const stat = await statIfPresent(fs, place.path);
  if (stat === undefined) throw changedMeanwhile(place.path, "has been removed by someone else");
  if (stat.kind !== "file") {
    throw new Failure("failed", "not-a-file", `${place.path} is not a regular file`, "name the file itself");
  }
  const bytes = await fs.readFile(place.path);
  if (sha256(bytes) !== expected) throw changedMeanwhile(place.path);
  return { bytes, stat };
}

/** Theirs stays in the file, ours beside it. */
async function keepBoth(fs: FsPort, place: Place, ours: Uint8Array, failure: Failure): Promise<Failure> {
  const kept = await keepCopy(fs, place, ours, "new").catch(() => undefined);
  if (kept === undefined) return failure;
  const hint = `run again; what this run would have written is in ${kept}`;
  return new Failure(failure.kind, failure.code, failure.message, hint);
}

async function discard(fs: FsPort, backup: string | undefined): Promise<void> {
  if (backup !== undefined) await unlinkIfPresent(fs, backup).catch(() => undefined);
}
