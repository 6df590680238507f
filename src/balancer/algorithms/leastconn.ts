import { type Algorithm, effectiveWeight } from "./algorithm.ts";

/** Fewest connections by weight, those that are about to end left out (as in nginx); equals take turns. */
export function leastconn(): Algorithm {
  const lastTurn = new Map<string, number>();
  let turn = 0;
  return (candidates, situation) => {
    let best: (typeof candidates)[number] | undefined;
    let bestLoad = Number.POSITIVE_INFINITY;
    let bestTurn = 0;
    for (const candidate of candidates) {
      const load = (candidate.active - candidate.halfClosed + 1) / effectiveWeight(candidate, situation);
      const took = lastTurn.get(candidate.name) ?? 0;
      if (load < bestLoad || (load === bestLoad && took < bestTurn)) {
        best = candidate;
        bestLoad = load;
        bestTurn = took;
      }
    }
    if (best !== undefined) lastTurn.set(best.name, ++turn);
    return best;
  };
}
