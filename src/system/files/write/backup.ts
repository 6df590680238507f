import { join } from "node:path";
import { errnoOf } from "../../../domain/failure.ts";
import { backupName, isBackup } from "../names.ts";
import { createFolders, type Place, statIfPresent } from "../places.ts";
import { AttributesNotCopied, type FsPort, trySyncFolder, unlinkIfPresent } from "../port/fs-port.ts";
import { writeTemporary } from "./temp-file.ts";

/** The folder itself cannot take a new file, whatever becomes of the file in it. */
export function isClosedFolder(error: unknown): boolean {
  return ["EACCES", "EPERM", "EROFS"].includes(errnoOf(error) ?? "");
}

/**
 * Runs `keep` with the file's own folder or, if that cannot be written to, with the spare one (created, mode 0700).
 * @throws Node's system errors
 */
export async function besideOrSpare<T>(
  fs: FsPort,
  place: Place,
  keep: (folder: string) => Promise<T>,
): Promise<T> {
  try {
    return await keep(place.folder);
  } catch (error) {
    if (!isClosedFolder(error)) throw error;
    await createFolders(fs, place.spare, 0o700);
    return keep(place.spare);
  }
}

/**
 * Keeps a copy of content under a dated name beside the file, with its mode and owner, or for the user alone where that
 * is not possible (hue.ini holds passwords). The copy is complete and flushed, or it is not there.
 * @returns its path
 */
export function keepCopy(
  fs: FsPort,
  place: Place,
  bytes: Uint8Array,
  suffix: "bak" | "new" = "bak",
): Promise<string> {
  return besideOrSpare(fs, place, async (folder) => {
    const temporary = await writeTemporary(fs, folder, place.base, bytes, { like: place.path }).catch(
      (error: unknown) => {
        if (!(error instanceof AttributesNotCopied)) throw error;
        return writeTemporary(fs, folder, place.base, bytes, { mode: 0o600 });
      },
    );
    try {
      const path = await freeName(fs, folder, place.base, suffix);
      await fs.rename(temporary, path);
      await trySyncFolder(fs, folder);
      return path;
    } catch (error) {
      await unlinkIfPresent(fs, temporary).catch(() => undefined);
      throw error;
    }
  });
}

/** Two copies within a millisecond get two names. */
async function freeName(fs: FsPort, folder: string, base: string, suffix: "bak" | "new"): Promise<string> {
  for (let time = Date.now(); ; time += 1) {
    const path = join(folder, backupName(base, new Date(time), suffix));
    if ((await statIfPresent(fs, path)) === undefined) return path;
  }
}

/** Removes all but the newest backups of a file beside `newest`. What cannot be removed stays. */
export async function pruneBackups(fs: FsPort, folder: string, base: string, count: number): Promise<void> {
  const names = (await fs.readdir(folder).catch(() => [])).filter((name) => isBackup(base, name)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - count))) {
    await unlinkIfPresent(fs, join(folder, name)).catch(() => undefined);
  }
}
