import { dirname } from "node:path";
import { errnoOf, Failure } from "../../domain/failure.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";
import { changedMeanwhile, fileFailure } from "./file-failure.ts";
import { createFolders, locate, type Place, statIfPresent } from "./places.ts";
import { type FsPort, trySyncFolder, unlinkIfPresent } from "./port/fs-port.ts";
import { realFs } from "./port/real-fs.ts";
import { clean } from "./recovery/leftovers.ts";
import { keepCopy } from "./write/backup.ts";
import type { SafeWriteOptions, SafeWriteResult } from "./write/options.ts";
import { discard, readExpected, replace } from "./write/replace.ts";
import { writeTemporary } from "./write/temp-file.ts";

export { findLeftovers, readWhole, removeLeftovers } from "./recovery/leftovers.ts";
export { sha256 } from "./sha256.ts";

export type { SafeWriteOptions, SafeWriteResult };

/**
 * Writes a file so that a kill or a power loss at any instant leaves the whole old or the whole new content.
 *
 * Symbolic links are followed to their end. Where possible a temporary file beside it gets the content and the old
 * file's mode, owner, ACL, extended attributes and SELinux label, and takes its name; a file with several names, a mount
 * point, a foreign owner or a closed folder is rewritten in place, under a recovery record (recovery/record.ts).
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
      const changed = error instanceof Failure && error.code === "changed-meanwhile";
      throw changed ? await keepBoth(fs, place, bytes, error) : error;
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
  if (place.stat !== undefined) throw createdMeanwhile(place.path);
  const createdFolders = await createFolders(fs, place.folder, options.folderMode ?? 0o755);
  const attributes = { mode: options.mode ?? 0o644 };
  try {
    const temporary = await writeTemporary(fs, place.folder, place.base, bytes, attributes);
    try {
      await giveName(fs, temporary, place.path);
    } finally {
      await unlinkIfPresent(fs, temporary).catch(() => undefined);
    }
  } catch (error) {
    for (const folder of createdFolders.toReversed()) await fs.rmdir(folder).catch(() => undefined);
    throw error;
  }
  for (const folder of [place.folder, ...createdFolders.map((created) => dirname(created))]) {
    await trySyncFolder(fs, folder);
  }
  return { way: "created", path: place.path, ...(createdFolders.length > 0 ? { createdFolders } : {}) };
}

/** Link, because rename would replace what has appeared; where a file system has no links, rename after a look. */
async function giveName(fs: FsPort, temporary: string, path: string): Promise<void> {
  try {
    await fs.link(temporary, path);
    return;
  } catch (error) {
    const code = errnoOf(error) ?? "";
    if (code !== "EEXIST" && !["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
  }
  if ((await statIfPresent(fs, path)) !== undefined) throw createdMeanwhile(path);
  await fs.rename(temporary, path);
}

function createdMeanwhile(path: string): Failure {
  return changedMeanwhile(path, "created");
}

/** Theirs stays in the file, ours beside it. */
async function keepBoth(fs: FsPort, place: Place, ours: Uint8Array, failure: Failure): Promise<Failure> {
  const kept = await keepCopy(fs, place, ours, "new").catch(() => undefined);
  if (kept === undefined) return failure;
  return systemFailure("changed-meanwhile", { reason: failure.text, kept });
}
