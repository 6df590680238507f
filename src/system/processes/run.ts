import { type ChildProcess, spawn } from "node:child_process";
import { errnoOf, type Failure } from "../../domain/failure.ts";
import { systemText } from "../../messages/errno.ts";
import { runFailure } from "../../messages/failures/run.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";

/** How a program ended and what it said. */
export interface RunResult {
  /** Exit status, or null when a signal ended it. */
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** For standard input, which is otherwise empty. The place for secrets: arguments are visible to every user. */
  readonly input?: string | Uint8Array;
  /** Seconds until the program is ended (SIGTERM, two seconds later SIGKILL); default 60. */
  readonly timeout?: number;
  /** Added to this process's environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Ends the program when aborted. */
  readonly signal?: AbortSignal;
  readonly uid?: number;
  readonly gid?: number;
}

const DEFAULT_TIMEOUT_SECONDS = 60;
const GRACE_MS = 2000;
const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs a program, without a shell, in the C locale (so that its output can be read), and waits for it.
 * Whatever its exit status, that is a result, not an error.
 * @throws Failure `failed`: `command-not-found`, `command-timeout`, `command-output` (more than 16 MiB),
 *   `command-failed` (it could not be started); `interrupted` when the signal is aborted
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const timeout = options.timeout ?? DEFAULT_TIMEOUT_SECONDS;
  return new Promise((resolve, reject) => {
    if (options.signal?.aborted) return reject(interrupted(command));
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...childEnvironment(), ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
      // A process group of its own: Ctrl-C at the terminal is for this tool to act on, and a time-out ends all of it.
      detached: true,
      ...(options.uid === undefined ? {} : { uid: options.uid }),
      ...(options.gid === undefined ? {} : { gid: options.gid }),
    });
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    let failure: Failure | undefined;
    let killer: NodeJS.Timeout | undefined;

    const end = (why: Failure): void => {
      if (failure !== undefined) return;
      failure = why;
      killGroup(child, "SIGTERM");
      killer = setTimeout(() => killGroup(child, "SIGKILL"), GRACE_MS);
    };
    const timer = setTimeout(() => {
      end(systemFailure("command-timeout", { command, seconds: timeout }));
    }, timeout * 1000);
    const onAbort = (): void => end(interrupted(command));
    options.signal?.addEventListener("abort", onAbort, { once: true });

    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size <= MOST_OUTPUT_BYTES) output[name].push(chunk);
        else end(systemFailure("command-output", { command }));
      });
    }
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(killer);
      options.signal?.removeEventListener("abort", onAbort);
    };
    child.on("error", (error) => {
      settle();
      reject(startFailure(command, error));
    });
    child.on("exit", () => {
      if (failure === undefined) return;
      // A grandchild that has left the group may hold the pipes open for ever.
      killGroup(child, "SIGKILL");
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.on("close", (status, signal) => {
      settle();
      if (failure !== undefined) return reject(failure);
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString("utf8");
      resolve({ status, signal, stdout: text(output.stdout), stderr: text(output.stderr) });
    });
    // A program may end without reading its input.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

function killGroup({ pid }: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

/** This process's environment in the C locale and without this tool's own settings, among them the password. */
function childEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("HUE_IMPALA_SETUP_"));
  return { ...Object.fromEntries(own), LC_ALL: "C" };
}

function startFailure(command: string, error: Error): Failure {
  if (errnoOf(error) === "ENOENT") {
    return systemFailure("command-not-found", { command });
  }
  return systemFailure("command-failed", { command, reason: systemText(error) });
}

function interrupted(command: string): Failure {
  const what = { en: `interrupted while ${command} was running`, ja: `${command} の実行中に中断しました` };
  return runFailure("interrupted", { what });
}
