import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { errnoOf, type Failure } from "../../domain/failure.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";
import { fileFailure } from "../files/file-failure.ts";
import { openStateFolder } from "../files/place/state-folder.ts";
import { type FsPort, type OpenFolder, unlinkIfPresent } from "../files/port/fs-port.ts";
import { realFs } from "../files/port/real-fs.ts";
import { isAlive, type ProcessId, thisProcess } from "./process-id.ts";

/** A lock that is held until released. */
export interface Lock {
  /** Gives the lock back; more than once does no harm. */
  release(): Promise<void>;
}

interface Candidate extends ProcessId {
  readonly name: string;
  readonly host: string;
  /** Linux's boot id without dashes; "0" where there is none. */
  readonly boot: string;
}

const TRIES = 6;
const BETWEEN_TRIES_MS = 25;

/**
 * Takes the lock `path`, within a moment or not at all (folders are created, mode 0700).
 *
 * Everyone who wants it first creates, with O_EXCL, a file of its own, `PATH.START-PID-BOOT-RANDOM@HOST`, then looks
 * for files of others. Of two, at least one sees the other, so two never both find themselves alone; the smaller name
 * stays and looks again while the others withdraw. The file of a process that has ended (or was there before a reboot)
 * counts for nothing and anyone may remove it: there is nothing to take over, so nothing to race for.
 * @throws Failure `locked` naming the process that holds it; as of writing a file
 */
export async function acquireLock(path: string, fs: FsPort = realFs): Promise<Lock> {
  const own = ownName(basename(path));
  let folder: OpenFolder | undefined;
  const release = async (): Promise<void> => {
    const held = folder;
    folder = undefined;
    if (held === undefined) return;
    await unlinkIfPresent(held, own);
    await held.close();
  };
  try {
    folder = await openStateFolder(fs, dirname(path), 0o700);
    let others: Candidate[] = [];
    let registered = false;
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 0) await sleep(BETWEEN_TRIES_MS);
      if (!registered) await (await folder.open(own, "wx", 0o600)).close();
      others = await livingOthers(folder, basename(path), own);
      if (others.length === 0) return { release };
      registered = others.every(({ name }) => own < name);
      if (!registered) await unlinkIfPresent(folder, own);
    }
    throw heldBy(path, others);
  } catch (error) {
    await release().catch(() => undefined);
    throw fileFailure(error, "lock", path);
  }
}

function ownName(base: string): string {
  const { pid, start } = thisProcess();
  // Padded, so that names compare by age on this host: the run that came first stays.
  const age = String(start).padStart(12, "0");
  return `${base}.${age}-${pid}-${bootId()}-${randomBytes(4).toString("hex")}@${thisHost()}`;
}

/** The candidates but for this run; removes those whose process has ended. */
async function livingOthers(folder: OpenFolder, base: string, own: string): Promise<Candidate[]> {
  const living: Candidate[] = [];
  for (const name of await folder.readdir()) {
    const candidate = name === own ? undefined : parse(base, name);
    if (candidate === undefined) continue;
    if (mayLive(candidate)) living.push(candidate);
    else await unlinkIfPresent(folder, name);
  }
  return living;
}

/** Of a process on another host (the folder is shared) nobody here can tell. */
function mayLive(candidate: Candidate): boolean {
  return candidate.host !== thisHost() || (candidate.boot === bootId() && isAlive(candidate));
}

function heldBy(path: string, others: readonly Candidate[]): Failure {
  const [holder] = others;
  if (holder === undefined || holder.host === thisHost())
    return systemFailure("locked", { pid: holder?.pid, path });
  const elsewhere = { host: holder.host, file: join(dirname(path), holder.name) };
  return systemFailure("locked", { pid: holder.pid, path, elsewhere });
}

function parse(base: string, name: string): Candidate | undefined {
  if (!name.startsWith(`${base}.`)) return undefined;
  const match = /^(\d+)-(\d+)-([0-9a-f]+)-[0-9a-f]{8}@(.*)$/.exec(name.slice(base.length + 1));
  const [, start, pid, boot, host] = match ?? [];
  if (boot === undefined || host === undefined) return undefined;
  return { name, pid: Number(pid), start: Number(start), boot, host };
}

function thisHost(): string {
  return encodeURIComponent(hostname()).slice(0, 100);
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim().replaceAll("-", "");
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    return "0";
  }
}
