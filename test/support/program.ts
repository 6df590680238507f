import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readAll } from "../../src/cli/streams.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const bundle = process.env["HUE_IMPALA_SETUP_TEST_PROGRAM"];

/** What is run: the built program, or the single-file bundle when HUE_IMPALA_SETUP_TEST_PROGRAM names it. */
export const PROGRAM = bundle ?? `${ROOT}bin/hue-impala-setup.js`;

/** Whether the single-file bundle is what is tested: then nothing runs without a process. */
export const BUNDLED = bundle !== undefined;

export interface ProgramRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as bytes: diffs keep the encoding of the files. */
  readonly bytes: Buffer;
}

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  readonly uid?: number;
  /** Called with the process as soon as it runs. */
  readonly onStart?: (child: ReturnType<typeof spawn>) => void;
}

/** An environment without anything that steers the program, so that tests see its defaults. */
export function plainEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], HOME: "/nonexistent", LC_ALL: "C.UTF-8", ...extra };
}

/** Runs the real program to its end, without a terminal. */
export async function runProgram(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramRun> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd,
    env: plainEnvironment(options.env),
    stdio: ["pipe", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  options.onStart?.(child);
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  const stderr = await readAll(child.stderr);
  const status = await ended;
  const bytes = Buffer.concat(output);
  return { status, stdout: bytes.toString("utf8"), stderr, bytes };
}
