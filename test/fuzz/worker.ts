import { setImmediate } from "node:timers/promises";
import { Blackboard } from "./blackboard.ts";
import { beginnings, stored } from "./seeds.ts";
import { Finding, FuzzSession, type Trial } from "./session.ts";
import type { Target } from "./target.ts";

/** Bytes that buffers may hold after any number of inputs. */
const MOST_MEMORY = 256 * 1024 * 1024;
/** Inputs between two looks at memory and time. */
const LOOK_EVERY = 256;

export interface WorkerTask {
  readonly name: string;
  readonly seconds: number;
  readonly seed: number;
  readonly folder: string;
  readonly memory: SharedArrayBuffer;
}

export type WorkerMessage =
  | { readonly kind: "finding"; readonly what: string; readonly trial: Trial }
  | { readonly kind: "done"; readonly runs: number; readonly kinds: number; readonly heap: number };

/** Attacks one target until its time is over; tells of each finding, and goes on. */
export async function attack(
  target: Target,
  task: WorkerTask,
  tell: (message: WorkerMessage) => void,
): Promise<void> {
  const board = new Blackboard(task.memory);
  const session = new FuzzSession(target, await beginnings(target, task.folder), task.seed);
  const until = performance.now() + task.seconds * 1000;
  let heap = 0;
  const attempt = async (trial: Trial): Promise<void> => {
    board.write(trial);
    try {
      await session.try(trial);
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      tell({ kind: "finding", what: error.message, trial });
    }
  };
  for (const { trials } of stored(target, task.folder)) for (const trial of trials) await attempt(trial);
  while (performance.now() < until) {
    for (let count = 0; count < LOOK_EVERY; count++) await attempt(session.next());
    // Timers and sockets of the target have their turn.
    await setImmediate();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    heap = Math.max(heap, heapUsed + arrayBuffers);
    if (arrayBuffers > MOST_MEMORY) throw new Error(`buffers hold ${arrayBuffers} bytes`);
  }
  tell({ kind: "done", runs: session.runs, kinds: session.kinds.size, heap });
}
