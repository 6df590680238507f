import type { Algorithm } from "./algorithm.ts";

/** The first that has room, in the order of the specification. */
export function first(): Algorithm {
  return (candidates) => candidates[0];
}
