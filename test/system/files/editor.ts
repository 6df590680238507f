import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";
import type { Job } from "../../../fixtures/crash/edit.main.ts";

/** What fixtures/crash/edit.main.ts prints. */
export interface Line {
  /** The number of the job. */
  of: number;
  way?: string;
  path?: string;
  backup?: string;
  note?: { en: string; ja: string };
  generation?: number;
  restored?: boolean;
  killedAt?: string;
  half?: boolean;
  failure?: { kind?: string; code?: string; message: string; hint?: string };
}

export interface Ended {
  readonly signal: string | null;
  readonly lines: Line[];
}

/** Builds a program of fixtures/crash into one file that any user may run. */
export async function bundled(name: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL(`../../../fixtures/crash/${name}`, import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "error",
  });
}

/** Builds the editing program for the tests of a file. Call at the top level; the result is there in the tests. */
export function editor(): {
  readonly program: string;
  start(job: Job | readonly Job[], uid?: number): ChildProcess;
} {
  const folder = temporaryFolder();
  const program = join(folder, "edit.mjs");
  beforeAll(() => bundled("edit.main.ts", program));
  return {
    program,
    start: (jobs, uid) =>
      spawn(process.execPath, [program, ...[jobs].flat().map((job) => JSON.stringify(job))], {
        stdio: ["ignore", "pipe", "inherit"],
        ...(uid === undefined ? {} : { uid, gid: uid }),
      }),
  };
}

/** Waits for a child and reads its lines. */
export function ended(child: ChildProcess): Promise<Ended> {
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_status, signal) => {
      // The last line of a killed one may be half a line.
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      const lines = whole.split("\n").filter((line) => line !== "");
      resolve({ signal, lines: lines.map((line) => JSON.parse(line) as Line) });
    });
  });
}

/** A folder that everybody may enter, removed after the tests of the file. */
export function temporaryFolder(place = tmpdir()): string {
  const folder = mkdtempSync(join(place, "hue-impala-setup-system-"));
  chmodSync(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function read(path: string): string {
  return readFileSync(path, "utf8");
}
