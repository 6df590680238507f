import { randomBytes } from "node:crypto";
import { isAlive, type ProcessId, thisProcess } from "../processes/process-id.ts";

// Hue loads every *.ini of its folder that does not start with a dot: no name made here ends in .ini.

const TOOL = "hue-impala-setup";

/** `.hue.ini.hue-impala-setup-PID-START-RANDOM`: hidden, says whose it is and whether that process still runs. */
export function temporaryName(base: string): string {
  const { pid, start } = thisProcess();
  return `.${base}.${TOOL}-${pid}-${start}-${randomBytes(8).toString("hex")}`;
}

/** True for a temporary file of `base` whose process has ended. */
export function isLeftover(base: string, name: string): boolean {
  const owner = ownerOf(base, name);
  return owner !== undefined && !isAlive(owner);
}

/** The same for whatever file it was meant for. */
export function isAnyLeftover(name: string): boolean {
  const mark = name.lastIndexOf(`.${TOOL}-`);
  return name.startsWith(".") && mark > 1 && isLeftover(name.slice(1, mark), name);
}

function ownerOf(base: string, name: string): ProcessId | undefined {
  const prefix = `.${base}.${TOOL}-`;
  if (!name.startsWith(prefix)) return undefined;
  const match = /^(\d+)-(\d+)-[0-9a-f]{16}$/.exec(name.slice(prefix.length));
  return match === null ? undefined : { pid: Number(match[1]), start: Number(match[2]) };
}

/** The record of a rewrite in place, see recovery/record.ts. */
export function recoveryName(base: string): string {
  return `.${base}.${TOOL}-recovery`;
}

/** `hue.ini.20261122T190614123Z.bak`; with `new` at the end for content that could not be written. */
export function backupName(base: string, time: Date, suffix: "bak" | "new" = "bak"): string {
  return `${base}.${time.toISOString().replace(/[-:.]/g, "")}.${suffix}`;
}

/** True for a name that {@link backupName} makes of `base`. Such names sort by age. */
export function isBackup(base: string, name: string): boolean {
  return name.startsWith(`${base}.`) && /^\.\d{8}T\d{9}Z\.bak$/.test(name.slice(base.length));
}
