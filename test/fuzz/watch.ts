import { Worker } from "node:worker_threads";
import { Blackboard } from "./blackboard.ts";
import { keep } from "./seeds.ts";
import type { Trial } from "./session.ts";
import type { Target } from "./target.ts";
import type { WorkerMessage, WorkerTask } from "./worker.ts";

/** Milliseconds after which an input has hung. */
const LONGEST_TRIAL = 20_000;
/** MB of a worker's heap: a target that needs more has a finding. */
const HEAP_LIMIT = 256;
/** Findings of one target after which it is left: it needs mending first. */
const ENOUGH = 10;

export interface Outcome {
  readonly runs: number;
  readonly kinds: number;
  /** Bytes of heap and buffers, at most. */
  readonly heap: number;
  /** What went wrong, with the file that keeps the input. */
  readonly findings: readonly { readonly what: string; readonly file: string }[];
}

/**
 * Attacks a target in a worker of its own, begun again after each that hangs or dies.
 * @param program the worker's module, which calls `attack()`
 * @param folder where inputs that fail are kept
 */
export async function watch(
  target: Target,
  how: { program: URL; seconds: number; seed: number; folder: string; longestTrial?: number },
): Promise<Outcome> {
  const findings: { what: string; file: string }[] = [];
  const until = performance.now() + how.seconds * 1000;
  let [runs, kinds, heap] = [0, 0, 0];
  for (let round = 0; findings.length < ENOUGH; round++) {
    const left = (until - performance.now()) / 1000;
    if (round > 0 && left <= 0) break;
    const board = new Blackboard();
    const task: WorkerTask = {
      name: target.name,
      seconds: left,
      seed: how.seed + round,
      folder: how.folder,
      memory: board.memory,
    };
    const ended = await oneWorker(
      how.program,
      task,
      board,
      how.longestTrial ?? LONGEST_TRIAL,
      (what, trial) => {
        const isNew = !findings.some((each) => place(each.what) === place(what));
        if (isNew) findings.push({ what, file: keep(target, trial, how.folder) });
        return findings.length >= ENOUGH;
      },
    );
    runs += ended?.runs ?? board.trials;
    kinds = Math.max(kinds, ended?.kinds ?? 0);
    heap = Math.max(heap, ended?.heap ?? 0);
  }
  return { runs, kinds, heap, findings };
}

/** Where an error comes from: its inputs differ, the defect is one. */
function place(what: string): string {
  return what.split("\n").find((line) => /^\s+at /.test(line)) ?? what;
}

/** @param found told of what went wrong with which input; answers whether that is enough */
function oneWorker(
  program: URL,
  task: WorkerTask,
  board: Blackboard,
  longest: number,
  found: (what: string, trial: Trial) => boolean,
): Promise<Extract<WorkerMessage, { kind: "done" }> | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(program, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT },
    });
    let [trials, since] = [-1, performance.now()];
    const timer = setInterval(() => {
      if (board.trials !== trials) [trials, since] = [board.trials, performance.now()];
      else if (trials > 0 && performance.now() - since > longest) {
        found("an input that never ends", board.read());
        void stop();
      }
    }, 500);
    const stop = async (done?: Extract<WorkerMessage, { kind: "done" }>): Promise<void> => {
      clearInterval(timer);
      await worker.terminate();
      resolve(done);
    };
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "done") void stop(message);
      else if (found(message.what, { ...message.trial, bytes: Buffer.from(message.trial.bytes) }))
        void stop();
    });
    worker.on("error", (error) => {
      found(error.stack ?? error.message, board.read());
      void stop();
    });
  });
}
