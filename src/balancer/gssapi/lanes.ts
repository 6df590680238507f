import type { NativeFunction } from "./native.ts";
import { GssError } from "./status.ts";

/**
 * How many calls run on threads of Node's pool at a time. It has four (UV_THREADPOOL_SIZE), which look names up and
 * read files too. A call that waits for a KDC may keep its thread for half a minute: two may at most, and one more
 * for calls that need no KDC, so that one thread is always left for the rest of the process.
 */
const KDC_THREADS = 2;
const LOCAL_THREADS = 1;

interface Waiting {
  start(): void;
}

/** Calls that run one after the other on a bounded number of threads. */
class Lane {
  readonly #threads: number;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(threads: number) {
    this.#threads = threads;
  }

  /**
   * Runs a call on a thread once there is one, and gives up waiting for it at the deadline: its thread is free again
   * only when it has really returned, and what it has made is released then.
   * @param deadline milliseconds, the wait for a thread included
   * @param abandon releases what a call has made that nobody waits for any more
   * @throws GssError `no-answer`
   */
  run<T>(work: () => Promise<T>, deadline: number, abandon: (made: T) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      let over = false;
      const waiting = { start: () => void this.#run(work, settled) };
      const timer = setTimeout(() => {
        over = true;
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(new GssError(`no answer within ${deadline / 1000} s`, "no-answer"));
      }, deadline);
      const settled = (outcome: { made: T } | { error: unknown }): void => {
        clearTimeout(timer);
        if ("made" in outcome) (over ? abandon : resolve)(outcome.made);
        else if (!over) reject(outcome.error);
      };
      this.#waiting.push(waiting);
      this.#next();
    });
  }

  async #run<T>(
    work: () => Promise<T>,
    settled: (outcome: { made: T } | { error: unknown }) => void,
  ): Promise<void> {
    try {
      settled({ made: await work() });
    } catch (error) {
      settled({ error });
    }
    this.#running--;
    this.#next();
  }

  #next(): void {
    while (this.#running < this.#threads) {
      const first = this.#waiting.shift();
      if (first === undefined) return;
      this.#running++;
      first.start();
    }
  }
}

/** Calls that may ask a KDC. */
export const kdcLane = new Lane(KDC_THREADS);
/** Calls that find all they need on this host. */
export const localLane = new Lane(LOCAL_THREADS);

/** Calls a function of the library on a thread. @returns its status; what is passed stays in memory until then */
export function onThread(call: NativeFunction, ...values: readonly unknown[]): Promise<number> {
  return new Promise((resolve, reject) => {
    call.async(...values, (error: Error | null, status: number) => {
      // Named here, so that nothing of it is collected while the thread still reads it.
      if (values.length === 0 || error) reject(error ?? new Error("a call without values"));
      else resolve(status);
    });
  });
}
