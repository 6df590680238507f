import type { Balance } from "../../spec/spec.ts";

/** What selection looks at; plain numbers, so that the strategies are pure units. */
export interface Candidate {
  readonly name: string;
  readonly weight: number;
  /** Connections now, those still connecting included. */
  readonly active: number;
  /** When slow start began, in milliseconds of the caller's clock; undefined: full share. */
  readonly rampFrom: number | undefined;
}

export interface Situation {
  /** Milliseconds of the caller's clock. */
  readonly now: number;
  /** Milliseconds over which a recovered backend's share grows back; 0: at once. */
  readonly slowStart: number;
  /** Source address of the client. */
  readonly source: string;
}

/** Picks one of the candidates (at least one, all with weight > 0 and a free slot). May keep turns between calls. */
export type Strategy = <C extends Candidate>(candidates: readonly C[], situation: Situation) => C | undefined;

/** A fresh strategy per listener: turns are kept inside. `session` places its fallback connections as `source` does. */
export const strategies: Readonly<Record<Balance, () => Strategy>> = {
  leastconn,
  roundrobin,
  first: () => (candidates) => candidates[0],
  source: () => bySource,
  session: () => bySource,
};

/** HAProxy starts a recovering server at 1 % of its weight; never 0, so that a lone backend is still chosen. */
const SMALLEST_SHARE = 0.01;

/** The weight that counts now: grows linearly from 1 % to all of it during slow start. */
export function effectiveWeight(candidate: Candidate, situation: Situation): number {
  if (candidate.rampFrom === undefined || situation.slowStart <= 0) return candidate.weight;
  const share = (situation.now - candidate.rampFrom) / situation.slowStart;
  return candidate.weight * Math.min(1, Math.max(SMALLEST_SHARE, share));
}

/** Fewest connections by weight; equals take turns. */
function leastconn(): Strategy {
  const lastTurn = new Map<string, number>();
  let turn = 0;
  return (candidates, situation) => {
    let best: (typeof candidates)[number] | undefined;
    let bestLoad = Number.POSITIVE_INFINITY;
    let bestTurn = 0;
    for (const candidate of candidates) {
      const load = (candidate.active + 1) / effectiveWeight(candidate, situation);
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

/** Smooth weighted round robin (as in nginx): each turn everyone gains its weight, the richest pays the total. */
function roundrobin(): Strategy {
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

/**
 * Weighted rendezvous hashing of the source address: places a source that the stick table does not know. Needs no memory,
 * so a restarted balancer, or its standby, places every source as before; losing one backend moves only its own sources.
 */
function bySource<C extends Candidate>(candidates: readonly C[], situation: Situation): C | undefined {
  let best: C | undefined;
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
