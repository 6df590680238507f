import { spawnSync } from "node:child_process";
import { program } from "./programs.ts";
import { number } from "./report.ts";

const GOAL_MB = 60;

/** Memory of 100,000 sessions in the session table, as a section of the report. */
export function sessionTable(): string {
  const { stdout } = spawnSync(process.execPath, ["--expose-gc", program("session-table")], {
    encoding: "utf8",
  });
  const { sessions, operations, heapMB, residentMB } = JSON.parse(stdout) as Record<string, number>;
  const met = (heapMB ?? Number.NaN) <= GOAL_MB;
  return `### The session table: memory

${sessions} sessions with ${operations} open operations: ${number(heapMB ?? Number.NaN)} MB of heap. Goal ≤ ${GOAL_MB} MB: ${met ? "met" : "missed"}.
(Resident memory grew by ${number(residentMB ?? Number.NaN)} MB meanwhile: with the garbage of making them.)
`;
}
