import { monotonic } from "./clock.ts";

/** Milliseconds that work may take at a time before the event loop does something else. */
const SLICE = 2;
/** Milliseconds of rest for each millisecond of work, as long as there is more of it: a fifth of the time is work. */
const REST = 4;

/** Work in steps of well under a millisecond each: after every `yield` others may have their turn. */
export type Work<T> = Generator<void, T, void>;

/** All steps of some work, for whoever cannot wait. */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Does one step; true when nothing is left to do. */
type Task = () => boolean;

export interface TurnsOptions {
  /** Milliseconds on a clock that never jumps. */
  readonly clock?: () => number;
  /** Calls back after so many milliseconds. */
  readonly later?: (callback: () => void, milliseconds: number) => void;
}

/**
 * Does work for others than the balanced clients, so that those hardly notice: about {@link SLICE} milliseconds at a
 * time, and when there is much of it at most a fifth of the time. What is urgent comes first; the rest takes turns.
 */
export class Turns {
  readonly #clock: () => number;
  readonly #later: (callback: () => void, milliseconds: number) => void;
  readonly #urgent: Task[] = [];
  readonly #rest: Task[] = [];
  /** Milliseconds of work that may be done now; below 0 after a step that took longer. */
  #credit = SLICE;
  #since: number;
  #waiting = false;
  #working = false;

  constructor(options: TurnsOptions = {}) {
    this.#clock = options.clock ?? monotonic;
    this.#later = options.later ?? ((callback, milliseconds) => setTimeout(callback, milliseconds).unref());
    this.#since = this.#clock();
  }

  /** A short act, done at once if there is time for it. */
  urgent(act: () => void): void {
    this.#urgent.push(asTask(act));
    this.#work();
  }

  /** As {@link urgent}, but behind what is urgent. */
  soon(act: () => void): void {
    this.#rest.push(asTask(act));
    this.#work();
  }

  /** Work in steps. @throws whatever the work throws */
  run<T>(work: Work<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const step = (): boolean => {
        try {
          const { done, value } = work.next();
          if (done === true) resolve(value);
          return done === true;
        } catch (error) {
          reject(error);
          return true;
        }
      };
      this.#rest.push(step);
      this.#work();
    });
  }

  #work(): void {
    if (this.#waiting || this.#working) return;
    this.#working = true;
    this.#earn();
    while (this.#credit > 0) {
      const queue = this.#urgent.length > 0 ? this.#urgent : this.#rest;
      const [task] = queue;
      if (task === undefined) break;
      if (task()) queue.shift();
      this.#spend();
    }
    this.#working = false;
    if (this.#urgent.length + this.#rest.length === 0) return;
    this.#waiting = true;
    this.#later(
      () => {
        this.#waiting = false;
        this.#work();
      },
      Math.ceil((SLICE - this.#credit) * REST),
    );
  }

  /** Time passes: work may be done for a share of it, but no more at once than a slice. */
  #earn(): void {
    const now = this.#clock();
    this.#credit = Math.min(SLICE, this.#credit + (now - this.#since) / REST);
    this.#since = now;
  }

  #spend(): void {
    const now = this.#clock();
    // A pause of the garbage collector is not made up for: what is urgent would wait too long.
    this.#credit = Math.max(-SLICE, this.#credit - (now - this.#since));
    this.#since = now;
  }
}

/** Whatever it throws is thrown outside: the turns of the others go on. */
function asTask(act: () => void): Task {
  return () => {
    try {
      act();
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
    return true;
  };
}
