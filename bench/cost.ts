import { readdirSync, readFileSync } from "node:fs";

/**
 * CPU time that a process has used, in seconds: the sum over its threads of `/proc/PID/task/TID/schedstat`
 * (nanoseconds), finer than the 10 ms of `/proc/PID/stat`. What other processes do hardly shows in it.
 */
export function cpuSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      // A thread that has just ended.
    }
  }
  return nanoseconds / 1e9;
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(match?.[1] ?? Number.NaN) * 1024;
}
