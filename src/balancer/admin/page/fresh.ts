import { type Clock, monotonic } from "../../time/clock.ts";

/** Milliseconds that something made is good for. */
const GOOD_FOR = 1000;

/** Something that costs to make: made once for all who ask while it is being made, and for a second afterwards. */
export class Fresh<T> {
  readonly #make: () => Promise<T>;
  readonly #clock: Clock;
  #made: Promise<T> | undefined;
  /** When it is no longer good, in the clock's milliseconds. */
  #until = Number.POSITIVE_INFINITY;

  constructor(make: () => Promise<T>, clock: Clock = monotonic) {
    this.#make = make;
    this.#clock = clock;
  }

  /** @throws what making it threw; the next who asks has it made anew */
  get(): Promise<T> {
    if (this.#made !== undefined && this.#clock() < this.#until) return this.#made;
    const made = this.#make();
    this.#made = made;
    this.#until = Number.POSITIVE_INFINITY;
    made.then(
      () => {
        this.#until = this.#clock() + GOOD_FOR;
      },
      () => {
        this.#made = undefined;
      },
    );
    return made;
  }
}
