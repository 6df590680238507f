import { readFileSync } from "node:fs";
import { errnoOf } from "../../domain/failure.ts";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks since boot, from /proc; 0: not known, as where there is no /proc. */
  readonly start: number;
}

/** This process. */
export function thisProcess(): ProcessId {
  return { pid: process.pid, start: startOf(process.pid) ?? 0 };
}

/** True while this very process runs; a zombie does not. */
export function isAlive(id: ProcessId): boolean {
  const start = startOf(id.pid);
  if (start !== undefined) return id.start === 0 || id.start === start;
  if (startOf(process.pid) !== undefined) return false;
  try {
    process.kill(id.pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === "EPERM";
  }
}

/** Start time of a running process: field 22 of /proc/PID/stat (proc_pid_stat(5)). */
function startOf(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The second field, the program's name, may hold blanks and brackets: count from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  return state === "Z" || state === "X" ? undefined : Number(fields[19]);
}
