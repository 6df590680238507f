import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { PROGRAM } from "../support/program.ts";

const MOST = 1.3;
/**
 * Pairs of runs; the least of each counts, for other work on the machine only ever adds. More are taken if the first
 * say no.
 */
const LEAST_PAIRS = 4;
const MOST_PAIRS = 30;

/** CPU seconds (user and system) of five runs of Node, as the shell counts them. */
function cpuOf(...args: string[]): number {
  // Five runs at a time: the clock of CPU time is too coarse for one.
  const script = 'TIMEFORMAT="%3U %3S"; time for run in 1 2 3 4 5; do "$@" >/dev/null 2>&1 || exit; done';
  const run = spawnSync("bash", ["--noprofile", "--norc", "-c", script, "bash", process.execPath, ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" },
  });
  const [user, system] = run.stderr.trim().split(" ").map(Number);
  const seconds = (user ?? Number.NaN) + (system ?? Number.NaN);
  if (run.status !== 0 || !(seconds > 0)) {
    throw new Error(`${args.join(" ")}: exit ${run.status}: ${run.stderr}`);
  }
  return seconds;
}

describe("start-up", () => {
  test(`--version costs at most ${MOST} times the CPU time of bare Node`, () => {
    let bare = Number.POSITIVE_INFINITY;
    let version = Number.POSITIVE_INFINITY;
    let ratio = Number.NaN;
    for (let pair = 0; pair < MOST_PAIRS; pair++) {
      bare = Math.min(bare, cpuOf("-e", "0"));
      version = Math.min(version, cpuOf(PROGRAM, "--version"));
      ratio = version / bare;
      if (pair >= LEAST_PAIRS && ratio <= MOST) break;
    }
    expect(ratio).toBeLessThanOrEqual(MOST);
  });
});
