import { dirname, join } from "node:path";
import { type ProcessId, thisProcess } from "../../processes/process-id.ts";
import { recoveryName } from "../names.ts";
import { type Place, statIfPresent } from "../places.ts";
import { type FsPort, trySyncFolder, unlinkIfPresent } from "../port/fs-port.ts";
import { besideOrSpare } from "../write/backup.ts";
import { writeTemporary } from "../write/temp-file.ts";

/**
 * A rewrite in place cannot be atomic. Before it starts, a flushed record with the old and the new content stands
 * beside the file (or in the spare folder); it goes when the rewrite is flushed and verified. A later run that finds a
 * record whose process has ended knows from the file's bytes what happened, and puts the old content back if need be.
 */
export interface RecoveryRecord {
  /** The file being rewritten. */
  readonly path: string;
  readonly owner: ProcessId;
  readonly old: Uint8Array;
  readonly next: Uint8Array;
}

/** Where a record stands, and what it says. */
export interface FoundRecord {
  readonly file: string;
  readonly record: RecoveryRecord;
}

/** Writes the record for a rewrite of `place` by this process. @returns the record's path */
export function writeRecord(fs: FsPort, place: Place, old: Uint8Array, next: Uint8Array): Promise<string> {
  const bytes = encode({ path: place.path, owner: thisProcess(), old, next });
  return besideOrSpare(fs, place, async (folder) => {
    const file = join(folder, recoveryName(place.base));
    // The rename makes the record appear whole or not at all.
    const temporary = await writeTemporary(fs, folder, place.base, bytes, { mode: 0o600 });
    try {
      await fs.rename(temporary, file);
    } catch (error) {
      await unlinkIfPresent(fs, temporary).catch(() => undefined);
      throw error;
    }
    await trySyncFolder(fs, folder);
    return file;
  });
}

/** Removes a record whose rewrite has ended. */
export async function removeRecord(fs: FsPort, file: string): Promise<void> {
  await unlinkIfPresent(fs, file);
  await trySyncFolder(fs, dirname(file));
}

/** The records about a file, beside it and in the spare folder. What is not a record of this file is left alone. */
export async function findRecords(fs: FsPort, place: Place): Promise<FoundRecord[]> {
  const found: FoundRecord[] = [];
  for (const folder of [place.folder, place.spare]) {
    const file = join(folder, recoveryName(place.base));
    const stat = await statIfPresent(fs, file).catch(() => undefined);
    // Whoever may write to the folder but not to the file must not be able to hand root a content for it.
    const trusted = [0, process.geteuid?.(), place.stat?.uid];
    if (stat?.kind !== "file" || !trusted.includes(stat.uid)) continue;
    const bytes = await fs.readFile(file).catch(() => undefined);
    const record = bytes === undefined ? undefined : decode(bytes);
    if (record?.path === place.path) found.push({ file, record });
  }
  return found;
}

/** What a rewrite of `old` to `next` that ended at any instant has left. */
export type RewriteState = "old" | "next" | "torn" | "foreign";

/**
 * Tells a half-done rewrite from a file that someone has changed since. Of a half-done one every byte is the old or the
 * new one at its position, or zero where the file grew and the data had not reached the disk when the power failed.
 */
export function judgeRewrite(current: Uint8Array, old: Uint8Array, next: Uint8Array): RewriteState {
  if (equalBytes(current, old)) return "old";
  if (equalBytes(current, next)) return "next";
  const [shorter, longer] = [Math.min(old.length, next.length), Math.max(old.length, next.length)];
  if (current.length < shorter || current.length > longer) return "foreign";
  const ours = current.every(
    (byte, at) => byte === old[at] || byte === next[at] || (byte === 0 && at >= old.length),
  );
  return ours ? "torn" : "foreign";
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** One line of JSON, then the old content, then the new one. */
function encode(record: RecoveryRecord): Uint8Array {
  const { path, owner, old, next } = record;
  const header = { version: 1, path, pid: owner.pid, start: owner.start, old: old.length, next: next.length };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), old, next]);
}

function decode(bytes: Uint8Array): RecoveryRecord | undefined {
  const end = bytes.indexOf(10);
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString("utf8"));
  } catch {
    return undefined;
  }
  if (typeof header !== "object" || header === null) return undefined;
  const { path, pid, start, old, next } = header as Record<string, unknown>;
  if (typeof path !== "string" || ![pid, start, old, next].every(Number.isSafeInteger)) return undefined;
  const body = bytes.subarray(end + 1);
  if (body.length !== Number(old) + Number(next)) return undefined;
  return {
    path,
    owner: { pid: Number(pid), start: Number(start) },
    old: body.subarray(0, Number(old)),
    next: body.subarray(Number(old)),
  };
}
