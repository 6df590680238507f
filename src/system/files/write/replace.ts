import { errnoOf, Failure } from "../../../domain/failure.ts";
import type { Text } from "../../../domain/text.ts";
import { IN_PLACE, rewrittenInPlace } from "../../../messages/in-place.ts";
import { changedMeanwhile } from "../file-failure.ts";
import type { Place } from "../place/place.ts";
import { AttributesNotCopied, type FsPort, trySync, unlinkIfPresent } from "../port/fs-port.ts";
import { sha256 } from "../sha256.ts";
import { keepCopy } from "./backup.ts";
import { type Expected, openExpected, requireUnchanged } from "./expected.ts";
import { rewriteInPlace } from "./in-place.ts";
import type { SafeWriteOptions, SafeWriteResult } from "./options.ts";
import { type Temporary, writeTemporary } from "./temp-file.ts";

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
  const old = await openExpected(place, expected, options.origin);
  try {
    if (sha256(bytes) === expected) return { way: "unchanged", path: place.path };
    return await replaceOpen(fs, place, bytes, options, old);
  } finally {
    await old.file.close();
  }
}

async function replaceOpen(
  fs: FsPort,
  place: Place,
  bytes: Uint8Array,
  options: SafeWriteOptions,
  old: Expected,
): Promise<SafeWriteResult> {
  const { path } = place;
  const attributes = { like: old.file };
  const backup = options.backup === false ? undefined : await keepCopy(fs, place, old.bytes, attributes);
  try {
    const reason = await renameOrReason(fs, place, bytes, old);
    if (reason !== undefined) await rewriteInPlace(fs, place, old.stat.identity, old.bytes, bytes);
    await backup?.prune(options.keepBackups ?? 10);
    return {
      way: reason === undefined ? "rename" : "in-place",
      path,
      ...(backup === undefined ? {} : { backup: backup.path }),
      ...(reason === undefined ? {} : { note: rewrittenInPlace(path, reason) }),
    };
  } catch (error) {
    const halfWritten = error instanceof Failure && error.kind === "partial";
    if (!halfWritten) await backup?.discard();
    throw error;
  }
}

/** Replaces the file by rename, or says why that cannot be done and leaves everything as it was. */
async function renameOrReason(
  fs: FsPort,
  place: Place,
  bytes: Uint8Array,
  old: Expected,
): Promise<Text | undefined> {
  const { folder, base, path } = place;
  if (old.stat.nlink > 1) return IN_PLACE.hardLinks(old.stat.nlink);
  const elsewhere = fs.mountedElsewhere(path);
  if (elsewhere !== undefined) return IN_PLACE.mountedElsewhere(elsewhere);
  let temporary: Temporary;
  try {
    temporary = await writeTemporary(folder, base, bytes, { like: old.file });
  } catch (error) {
    if (error instanceof AttributesNotCopied) return IN_PLACE.attributes(error.message);
    return reasonFor(error, TEMPORARY_REASONS);
  }
  try {
    await requireUnchanged(place, old);
    await folder.rename(temporary.name, base);
  } catch (error) {
    await unlinkIfPresent(folder, temporary.name).catch(() => undefined);
    return reasonFor(error, RENAME_REASONS);
  }
  // Whoever owns the folder could have put something else under the temporary name.
  if ((await folder.lstat(base)).identity !== temporary.identity) throw changedMeanwhile(path);
  await trySync(folder);
  return undefined;
}

const TEMPORARY_REASONS: Record<string, Text> = {
  EACCES: IN_PLACE.closedFolder,
  EPERM: IN_PLACE.noNewFiles,
  EROFS: IN_PLACE.readOnlyFolder,
};

const RENAME_REASONS: Record<string, Text> = {
  EACCES: IN_PLACE.noReplacing,
  EPERM: IN_PLACE.noReplacing,
  EBUSY: IN_PLACE.mountPoint,
  EXDEV: IN_PLACE.mountPoint,
};

function reasonFor(error: unknown, reasons: Record<string, Text>): Text {
  const reason = reasons[errnoOf(error) ?? ""];
  if (error instanceof Failure || reason === undefined) throw error;
  return reason;
}
