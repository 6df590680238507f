import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import type { Target } from "./target.ts";

/** Inputs that have led to something new, beyond the seeds. */
const MOST_KEPT = 2000;

/** One input with the seed of the choices that were made while it ran. */
export interface Trial {
  readonly bytes: Buffer;
  readonly seed: number;
}

/** Thrown by {@link FuzzSession.step}: the target did not deal with the input. */
export class Finding extends Error {
  readonly trial: Trial;

  constructor(trial: Trial, cause: unknown) {
    super(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause), { cause });
    this.trial = trial;
  }
}

/** Mutates the inputs of one target; the same seed goes the same way. */
export class FuzzSession {
  runs = 0;
  readonly #target: Target;
  readonly #random: Random;
  readonly #inputs: Buffer[];
  readonly #words: readonly Buffer[];
  readonly #kinds = new Set<string>();

  constructor(target: Target, seeds: readonly Buffer[], seed: number) {
    this.#target = target;
    this.#random = new Random(seed);
    this.#inputs = [...seeds];
    this.#words = (target.words ?? []).map((word) => Buffer.from(word as string));
  }

  /** What has happened so far, in the target's own words. */
  get kinds(): ReadonlySet<string> {
    return this.#kinds;
  }

  /** The next input. */
  next(): Trial {
    const bytes = mutate(this.#random.pick(this.#inputs), this.#inputs, this.#words, this.#random);
    return { bytes, seed: this.#random.int(2 ** 31) };
  }

  /** @throws Finding */
  async try(trial: Trial): Promise<void> {
    this.runs++;
    try {
      const running = this.#target.run(trial.bytes, new Random(trial.seed));
      const kind = running instanceof Promise ? await running : running;
      if (kind === undefined || this.#kinds.has(kind) || this.#kinds.size >= MOST_KEPT) return;
      this.#kinds.add(kind);
      this.#inputs.push(trial.bytes);
    } catch (error) {
      throw new Finding(trial, error);
    }
  }
}
