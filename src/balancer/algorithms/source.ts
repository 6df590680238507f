import type { Algorithm } from "./algorithm.ts";

/**
 * Weighted rendezvous hashing of the source address: places a source that the stick table does not know. Needs no
 * memory, so a restarted balancer, or its standby, places every source as before; losing one backend moves only its
 * own sources.
 */
export function source(): Algorithm {
  return (candidates, situation) => {
    let best: (typeof candidates)[number] | undefined;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const candidate of candidates) {
      const uniform = (hash(`${situation.source}|${candidate.name}`) + 0.5) / 2 ** 32;
      const score = -candidate.weight / Math.log(uniform);
      if (score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    return best;
  };
}

/** FNV-1a with a final mix (murmur3's): 32 bits, even for addresses that differ in one digit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
