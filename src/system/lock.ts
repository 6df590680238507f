import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { errnoOf, Failure } from "../domain/failure.ts";
import { fileFailure } from "./file-failure.ts";
import { type FsPort, realFs, unlinkIfPresent, writeAll } from "./fs-port.ts";
import { createFolders } from "./places.ts";
import { isAlive, thisProcess } from "./process-id.ts";
import { sha256 } from "./sha256.ts";

/** A lock that is held until released. */
export interface Lock {
  /** Gives the lock back; more than once does no harm. */
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly start: number;
  readonly host: string;
  /** Linux's boot id; "" where there is none. */
  readonly boot: string;
}

/**
 * Takes the lock file `path` (folders are created, mode 0700), at once or not at all. It names its holder by process
 * number and start time, so that the lock of a killed run, or of one before a reboot, is taken over.
 *
 * Two runs cannot take over the same dead lock: both would have to create the one name `PATH.next-<hash of the dead
 * lock>`, and whoever succeeds looks at the lock again before replacing it.
 * @throws Failure `locked` naming the process that holds it; as of writing a file
 */
export async function acquireLock(path: string, fs: FsPort = realFs): Promise<Lock> {
  try {
    await createFolders(fs, dirname(path), 0o700);
    const claim = `${path}.claim-${randomBytes(8).toString("hex")}`;
    // Complete and flushed before it gets the lock's name: a lock never lacks its holder.
    const content = JSON.stringify({ ...self(), nonce: randomBytes(8).toString("hex") });
    await writeClaim(fs, claim, content);
    try {
      await take(fs, path, claim);
    } finally {
      await unlinkIfPresent(fs, claim);
    }
    return { release: () => release(fs, path, content) };
  } catch (error) {
    throw fileFailure(error, "lock", path);
  }
}

async function take(fs: FsPort, path: string, claim: string): Promise<void> {
  for (;;) {
    try {
      await fs.link(claim, path);
      return;
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw error;
    }
    const content = await readIfPresent(fs, path);
    if (content === undefined) continue;
    requireDead(path, content);
    const next = `${path}.next-${sha256(content).slice(0, 16)}`;
    await take(fs, next, claim);
    if ((await readIfPresent(fs, path)) === content) {
      // Nobody else may replace this dead lock now, and its holder cannot remove it.
      await fs.rename(next, path);
      return;
    }
    await unlinkIfPresent(fs, next);
  }
}

/** The holder may have been another run since: only the own lock is removed. */
async function release(fs: FsPort, path: string, content: string): Promise<void> {
  if ((await readIfPresent(fs, path)) === content) await unlinkIfPresent(fs, path);
}

function requireDead(path: string, content: string): void {
  const holder = parse(content);
  if (holder === undefined) {
    throw new Failure("locked", "locked", `${path} exists and does not say who holds it`, removeHint(path));
  }
  const me = self();
  if (holder.host !== me.host) {
    const message = `process ${holder.pid} on ${holder.host} holds ${path}`;
    throw new Failure("locked", "locked", message, removeHint(path));
  }
  if (holder.boot === me.boot && isAlive(holder)) {
    throw new Failure(
      "locked",
      "locked",
      `another run (process ${holder.pid}) holds ${path}`,
      "wait until it has ended, then run again",
    );
  }
}

function removeHint(path: string): string {
  return `if no other run is at work, remove ${path}`;
}

function self(): Holder {
  return { ...thisProcess(), host: hostname(), boot: bootId() };
}

function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}

function parse(content: string): Holder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { pid, start, host, boot } = value as Record<string, unknown>;
  const valid =
    Number.isSafeInteger(pid) &&
    Number.isSafeInteger(start) &&
    typeof host === "string" &&
    typeof boot === "string";
  return valid ? (value as Holder) : undefined;
}

async function writeClaim(fs: FsPort, claim: string, content: string): Promise<void> {
  const file = await fs.open(claim, "wx", 0o600);
  try {
    await writeAll(file, Buffer.from(content), 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readIfPresent(fs: FsPort, path: string): Promise<string | undefined> {
  try {
    return Buffer.from(await fs.readFile(path)).toString("utf8");
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
