import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { PROGRAM } from "../support/program.ts";

const MOST = 1.4;
/** Pairs of runs, whose median forgets what else the machine did; more are taken only if the first ones say no. */
const LEAST_PAIRS = 12;
const MOST_PAIRS = 80;

/** CPU seconds (user and system) of one run of Node, as the shell counts them. */
function cpuOf(...args: string[]): number {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1';
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
    const ratios: number[] = [];
    let ratio = Number.NaN;
    for (let pair = 0; pair < MOST_PAIRS; pair++) {
      const bare = cpuOf("-e", "0");
      ratios.push(cpuOf(PROGRAM, "--version") / bare);
      ratio = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.NaN;
      if (pair >= LEAST_PAIRS && ratio <= MOST) break;
    }
    expect(ratio).toBeLessThanOrEqual(MOST);
  });
});
