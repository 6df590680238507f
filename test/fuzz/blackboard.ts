import type { Trial } from "./session.ts";

const HEADER = 12;
const MOST_BYTES = 1024 * 1024;

/** Where a worker writes what it is about to try: whoever watches can still read it when the worker hangs or dies. */
export class Blackboard {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(HEADER + MOST_BYTES)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory, 0, HEADER / 4);
    this.#bytes = new Uint8Array(memory, HEADER);
  }

  write({ bytes, seed }: Trial): void {
    this.#bytes.set(bytes.subarray(0, MOST_BYTES));
    Atomics.store(this.#numbers, 1, Math.min(bytes.length, MOST_BYTES));
    Atomics.store(this.#numbers, 2, seed);
    Atomics.add(this.#numbers, 0, 1);
  }

  /** Trials so far. */
  get trials(): number {
    return Atomics.load(this.#numbers, 0);
  }

  /** The last one. */
  read(): Trial {
    const length = Atomics.load(this.#numbers, 1);
    return { bytes: Buffer.from(this.#bytes.slice(0, length)), seed: Atomics.load(this.#numbers, 2) };
  }
}
