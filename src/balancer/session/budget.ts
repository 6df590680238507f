import { LONGEST_MESSAGE } from "../wire/thrift/types.ts";

/** Bytes of calls held in memory, all connections together. */
const MOST_HELD = 64 * 1024 * 1024;

/** What calls may cost of memory, while it is not known yet where they go. */
export class CallBudget {
  /** Most bytes of one call. */
  readonly longestCall: number;
  /** Bytes held now. */
  held = 0;

  constructor(longestCall: number = LONGEST_MESSAGE) {
    this.longestCall = longestCall;
  }

  /** Holds so many bytes more, or (negative) fewer. */
  hold(bytes: number): void {
    this.held += bytes;
  }

  get mayHold(): boolean {
    return this.held < MOST_HELD;
  }
}
