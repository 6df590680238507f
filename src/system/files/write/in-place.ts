import { Failure } from "../../../domain/failure.ts";
import { systemText } from "../../../messages/errno.ts";
import { systemFailure } from "../../../messages/failures/system/system.ts";
import { changedMeanwhile, fileFailure } from "../file-failure.ts";
import type { Place } from "../place/place.ts";
import { type FsPort, type OpenFile, writeAll } from "../port/fs-port.ts";
import { equalBytes, removeRecord, writeRecord } from "../recovery/record.ts";

/**
 * Rewrites a file in place: same inode, so that hard links, mount points, owner and attributes stay.
 * A record (recovery/record.ts) covers the time in which a kill would leave it half-written.
 * @param identity of the file that `old` was read from
 * @throws Failure `changed-meanwhile`; `partial` `half-written` when neither the new nor the old content could be
 *   written completely; Node's system errors, the file then being as before
 */
export async function rewriteInPlace(
  fs: FsPort,
  place: Place,
  identity: string,
  old: Uint8Array,
  next: Uint8Array,
): Promise<void> {
  const { folder, base, path } = place;
  const file = await folder.open(base, "r+");
  try {
    const opened = await file.stat();
    if (opened.kind !== "file" || opened.identity !== identity) throw changedMeanwhile(path);
    const record = await writeRecord(fs, place, identity, old, next);
    try {
      if (!equalBytes(await file.read(old.length), old)) throw changedMeanwhile(path);
      await overwrite(file, old, next);
    } catch (error) {
      if (!(error instanceof Failure)) await undo(file, place, old, record, error);
      await removeRecord(fs, place).catch(() => undefined);
      throw error;
    }
    // Should this fail, the next run finds the rewrite complete and removes the record.
    await removeRecord(fs, place).catch(() => undefined);
    if ((await folder.lstat(base)).identity !== identity) throw changedMeanwhile(path);
  } finally {
    await file.close();
  }
}

/**
 * Gives a file its old content back after a rewrite that ended half-way, whatever it holds now, flushed.
 * @throws Node's system errors
 */
export async function putBack(file: OpenFile, old: Uint8Array): Promise<void> {
  await writeAll(file, old, 0);
  await finish(file, old);
}

/** A longer content is extended first, while the old bytes still stand: that is where a full disk shows. */
async function overwrite(file: OpenFile, old: Uint8Array, next: Uint8Array): Promise<void> {
  if (next.length > old.length) {
    await writeAll(file, next.subarray(old.length), old.length);
    await file.sync();
  }
  const start = commonStart(old, next);
  await writeAll(file, next.subarray(start, old.length), start);
  await finish(file, next);
}

async function finish(file: OpenFile, content: Uint8Array): Promise<void> {
  await file.truncate(content.length);
  await file.sync();
  if (!equalBytes(await file.read(content.length), content))
    throw new Error("other bytes were read back than written");
}

async function undo(
  file: OpenFile,
  place: Place,
  old: Uint8Array,
  record: string,
  cause: unknown,
): Promise<void> {
  try {
    await putBack(file, old);
  } catch (error) {
    const why = fileFailure(cause, "rewrite", place.path).text;
    throw systemFailure("half-written", { why, again: systemText(error), record });
  }
}

function commonStart(left: Uint8Array, right: Uint8Array): number {
  const end = Math.min(left.length, right.length);
  let at = 0;
  while (at < end && left[at] === right[at]) at += 1;
  return at;
}
