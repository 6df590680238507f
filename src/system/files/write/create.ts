import { errnoOf, type Failure } from "../../../domain/failure.ts";
import { changedMeanwhile } from "../file-failure.ts";
import { makeFolders, removeFolders } from "../place/folders.ts";
import type { Place } from "../place/place.ts";
import { type OpenFolder, statIfPresent, trySync, unlinkIfPresent } from "../port/fs-port.ts";
import type { SafeWriteOptions, SafeWriteResult } from "./options.ts";
import { type Temporary, writeTemporary } from "./temp-file.ts";

/**
 * Creates a file that must not exist yet, and the folders above it that do not.
 * @throws Failure `changed-meanwhile`; Node's system errors, nothing being left
 */
export async function create(
  place: Place,
  bytes: Uint8Array,
  options: SafeWriteOptions,
): Promise<SafeWriteResult> {
  const { path, base } = place;
  if (place.stat !== undefined) throw createdMeanwhile(path);
  const { folder, created } = await makeFolders(place.folder, place.missing, options.folderMode ?? 0o755);
  try {
    const temporary = await writeTemporary(folder, base, bytes, { mode: options.mode ?? 0o644 });
    try {
      await giveName(folder, temporary, base, path);
    } finally {
      await unlinkIfPresent(folder, temporary.name).catch(() => undefined);
    }
    await syncUpwards(folder, created.length);
  } catch (error) {
    await removeFolders(folder, created);
    throw error;
  }
  await folder.close();
  return { way: "created", path, ...(created.length > 0 ? { createdFolders: created } : {}) };
}

/** Link, because rename would replace what has appeared; where a file system has no links, rename after a look. */
async function giveName(folder: OpenFolder, temporary: Temporary, base: string, path: string): Promise<void> {
  try {
    await folder.link(temporary.name, base);
  } catch (error) {
    const code = errnoOf(error) ?? "";
    if (code === "EEXIST") throw createdMeanwhile(path);
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
    if ((await statIfPresent(folder, base)) !== undefined) throw createdMeanwhile(path);
    await folder.rename(temporary.name, base);
  }
  // Whoever owns the folder could have put something else under the temporary name.
  if ((await folder.lstat(base)).identity !== temporary.identity) throw changedMeanwhile(path);
}

/** The folder with the new name, and those in which a folder was made. */
async function syncUpwards(folder: OpenFolder, levels: number): Promise<void> {
  await trySync(folder);
  if (levels === 0) return;
  const outer = await folder.openFolder("..");
  try {
    await syncUpwards(outer, levels - 1);
  } finally {
    await outer.close();
  }
}

function createdMeanwhile(path: string): Failure {
  return changedMeanwhile(path, "created");
}
