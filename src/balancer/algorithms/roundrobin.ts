import { type Algorithm, effectiveWeight } from "./algorithm.ts";

/** Smooth weighted round robin (as in nginx): each turn everyone gains its weight, the richest pays the total. */
export function roundrobin(): Algorithm {
  const credit = new Map<string, number>();
  return (candidates, situation) => {
    let best: (typeof candidates)[number] | undefined;
    let bestCredit = Number.NEGATIVE_INFINITY;
    let total = 0;
    for (const candidate of candidates) {
      const weight = effectiveWeight(candidate, situation);
      const has = (credit.get(candidate.name) ?? 0) + weight;
      credit.set(candidate.name, has);
      total += weight;
      if (has > bestCredit) {
        best = candidate;
        bestCredit = has;
      }
    }
    if (best !== undefined) credit.set(best.name, bestCredit - total);
    return best;
  };
}
