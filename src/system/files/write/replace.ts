import { dirname } from "node:path";
import { errnoOf, Failure } from "../../../domain/failure.ts";
import { systemFailure } from "../../../messages/failures/system/system.ts";
import { changedMeanwhile } from "../file-failure.ts";
import { type Place, statIfPresent } from "../places.ts";
import {
  AttributesNotCopied,
  type FileStat,
  type FsPort,
  trySyncFolder,
  unlinkIfPresent,
} from "../port/fs-port.ts";
import { sha256 } from "../sha256.ts";
import { keepCopy, pruneBackups } from "./backup.ts";
import { rewriteInPlace } from "./in-place.ts";
import type { SafeWriteOptions, SafeWriteResult } from "./options.ts";
import { writeTemporary } from "./temp-file.ts";

/**
 * Replaces the content of a file, by rename or in place.
 * @throws Failure `changed-meanwhile`, `not-a-file`, `half-written`; Node's system errors
 */
export async function replace(
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
export async function readExpected(
  fs: FsPort,
  place: Place,
  expected: string,
): Promise<{ bytes: Uint8Array; stat: FileStat }> {
  const stat = await statIfPresent(fs, place.path);
  if (stat === undefined) throw changedMeanwhile(place.path, "removed");
  if (stat.kind !== "file") {
    const reason = {
      en: `${place.path} is not a regular file`,
      ja: `${place.path} は通常のファイルではありません`,
    };
    throw systemFailure("not-a-file", { reason });
  }
  const bytes = await fs.readFile(place.path);
  if (sha256(bytes) !== expected) throw changedMeanwhile(place.path);
  return { bytes, stat };
}

/** Removes the backup of a file that has not been changed after all. */
export async function discard(fs: FsPort, backup: string | undefined): Promise<void> {
  if (backup !== undefined) await unlinkIfPresent(fs, backup).catch(() => undefined);
}
