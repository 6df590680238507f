import type { Random } from "./random.ts";

/** A parser, or whatever else takes bytes from outside, under attack. */
export interface Target {
  /** Also its folder below `fixtures/fuzz`, for inputs that have failed once. */
  readonly name: string;
  /** Good inputs, from which hostile ones are made. */
  readonly seeds: () => readonly Buffer[] | Promise<readonly Buffer[]>;
  /** Words that the format is made of, to be put into inputs. */
  readonly words?: readonly (string | Buffer)[];
  /**
   * Throws if anything is wrong: the input does not have to be accepted, only to be dealt with.
   * @param random for further choices, such as where a stream is cut; made from the same seed when an input is tried
   *   again
   * @returns a word for what has happened: an input that leads to a new one is mutated further
   */
  readonly run: (bytes: Buffer, random: Random) => string | undefined | Promise<string | undefined>;
}
