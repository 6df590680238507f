import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { executeReply, HANDLE_BYTES, openSessionReply } from "./messages.ts";
import { program } from "./programs.ts";

/** What a load process does. */
export type Work =
  | { readonly kind: "calls"; readonly connections: number; readonly each: number; readonly size: number }
  | { readonly kind: "connects"; readonly count: number; readonly parallel: number }
  | { readonly kind: "hold"; readonly count: number }
  | { readonly kind: "stall"; readonly count: number; readonly size: number };

export type Task = Work & {
  readonly port: number;
  readonly openBytes: number;
  readonly executeBytes: number;
};

export interface LoadResult {
  /** Calls or connections done. */
  readonly units: number;
  readonly medianMs?: number;
  readonly p99Ms?: number;
}

export interface Load {
  readonly result: LoadResult;
  /** Ends a load that holds its connections. */
  end(): Promise<void>;
}

/** Milliseconds that one load may take. */
const LONGEST = 90_000;

/** Runs one load in a process of its own and waits for its line. */
export async function load(port: number, work: Work): Promise<Load> {
  const handle = Buffer.alloc(HANDLE_BYTES);
  const task: Task = {
    ...work,
    port,
    openBytes: openSessionReply(handle).length,
    executeBytes: executeReply(handle).length,
  };
  const child = spawn(process.execPath, [program("load"), JSON.stringify(task)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  const failed = exit.then(([status]) => {
    throw new Error(`the load process ended with ${String(status)}`);
  });
  failed.catch(() => {});
  const line = once(createInterface(child.stdout), "line") as Promise<[string]>;
  // A proxy that leaves a call unanswered must not stop the whole run in silence.
  const timer = setTimeout(() => child.kill("SIGKILL"), LONGEST);
  const [text] = await Promise.race([line, failed]);
  clearTimeout(timer);
  return {
    result: JSON.parse(text) as LoadResult,
    async end() {
      child.stdin.end();
      await exit;
    },
  };
}
