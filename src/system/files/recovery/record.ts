import { join } from "node:path";
import { type ProcessId, thisProcess } from "../../processes/process-id.ts";
import { fileFailure } from "../file-failure.ts";
import { recoveryName } from "../names.ts";
import { strangerIn } from "../place/judge.ts";
import { inSpare, inSpareIfThere, type Place } from "../place/place.ts";
import { type FsPort, statIfPresent, trySync, unlinkIfPresent } from "../port/fs-port.ts";
import { writeTemporary } from "../write/temp-file.ts";

/**
 * A rewrite in place cannot be atomic. Before it starts, a flushed record with the old and the new content stands in
 * the spare folder, which only this user (and root) can write to: whoever could plant a record could have any content
 * written. It goes when the rewrite is flushed and verified. A later run that finds a record whose process has ended
 * knows from the file's bytes what happened, and puts the old content back if need be.
 */
export interface RecoveryRecord {
  /** The file being rewritten. */
  readonly path: string;
  /** Its inode number; undefined in records of older versions. Devices may have other numbers after a reboot. */
  readonly inode: string | undefined;
  readonly owner: ProcessId;
  readonly old: Uint8Array;
  readonly next: Uint8Array;
}

/** Where a record stands, and what it says. */
export interface FoundRecord {
  readonly file: string;
  readonly record: RecoveryRecord;
}

/** Two contents of the largest hue.ini, and the line before them. */
const MOST_RECORD_BYTES = 33 * 1024 * 1024;

/**
 * Writes the record for a rewrite of `place` by this process.
 * @param identity of the file being rewritten
 * @returns the record's path
 */
export function writeRecord(
  fs: FsPort,
  place: Place,
  identity: string,
  old: Uint8Array,
  next: Uint8Array,
): Promise<string> {
  const bytes = encode({ path: place.path, inode: inodeOf(identity), owner: thisProcess(), old, next });
  const writing = inSpare(fs, place, async (folder) => {
    const name = recoveryName(place.base);
    // The rename makes the record appear whole or not at all.
    const temporary = await writeTemporary(folder, place.base, bytes, { mode: 0o600 });
    try {
      await folder.rename(temporary.name, name);
    } catch (error) {
      await unlinkIfPresent(folder, temporary.name).catch(() => undefined);
      throw error;
    }
    await trySync(folder);
    return join(folder.path, name);
  });
  return writing.catch((error: unknown) => {
    throw fileFailure(error, "write", place.spare);
  });
}

/** Removes the record of a rewrite that has ended. */
export async function removeRecord(fs: FsPort, place: Place): Promise<void> {
  await inSpareIfThere(fs, place, async (folder) => {
    await unlinkIfPresent(folder, recoveryName(place.base));
    await trySync(folder);
  });
}

/** The record about a file. What is not a record of this file, or could be somebody else's work, is left alone. */
export async function findRecord(fs: FsPort, place: Place): Promise<FoundRecord | undefined> {
  return inSpareIfThere(fs, place, async (folder) => {
    const name = recoveryName(place.base);
    if ((await statIfPresent(folder, name))?.kind !== "file") return undefined;
    const file = await folder.open(name, "r");
    try {
      const stat = await file.stat();
      if (stat.kind !== "file" || strangerIn(stat) !== undefined) return undefined;
      const record = decode(await file.read(MOST_RECORD_BYTES));
      return record?.path === place.path ? { file: join(folder.path, name), record } : undefined;
    } finally {
      await file.close();
    }
  });
}

/**
 * A record beside the file, where versions up to 1.0 kept them and where whoever owns the folder can put one: it is not
 * believed and not removed.
 */
export async function strangeRecord({ folder, missing, base }: Place): Promise<string | undefined> {
  if (missing.length > 0) return undefined;
  const name = recoveryName(base);
  const stat = await statIfPresent(folder, name).catch(() => undefined);
  return stat === undefined ? undefined : join(folder.path, name);
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

/** Whether a record tells of this very file. */
export function isOf({ inode }: RecoveryRecord, identity: string): boolean {
  return inode === undefined || inode === inodeOf(identity);
}

function inodeOf(identity: string): string {
  return identity.slice(identity.indexOf(":") + 1);
}

/** One line of JSON, then the old content, then the new one. */
function encode(record: RecoveryRecord): Uint8Array {
  const { path, inode, owner, old, next } = record;
  const lengths = { old: old.length, next: next.length };
  const header = { version: 1, path, inode, pid: owner.pid, start: owner.start, ...lengths };
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
  const { path, inode, pid, start, old, next } = header as Record<string, unknown>;
  if (typeof path !== "string" || ![pid, start, old, next].every(Number.isSafeInteger)) return undefined;
  const body = bytes.subarray(end + 1);
  if (body.length !== Number(old) + Number(next)) return undefined;
  return {
    path,
    inode: typeof inode === "string" ? inode : undefined,
    owner: { pid: Number(pid), start: Number(start) },
    old: body.subarray(0, Number(old)),
    next: body.subarray(Number(old)),
  };
}
