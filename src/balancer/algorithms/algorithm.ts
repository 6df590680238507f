/** What selection looks at; plain numbers, so that the algorithms are pure units. */
export interface Candidate {
  readonly name: string;
  readonly weight: number;
  /** Connections now, those still connecting included. */
  readonly active: number;
  /** Of these, those in which the client or the backend has said its last. */
  readonly halfClosed: number;
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

/**
 * Picks one of the candidates (all with weight > 0 and a free slot); undefined where there are none. May keep turns
 * between calls.
 */
export type Algorithm = <C extends Candidate>(
  candidates: readonly C[],
  situation: Situation,
) => C | undefined;

/** HAProxy starts a recovering server at 1 % of its weight; never 0, so that a lone backend is still chosen. */
const SMALLEST_SHARE = 0.01;

/** The weight that counts now: grows linearly from 1 % to all of it during slow start. */
export function effectiveWeight(candidate: Candidate, situation: Situation): number {
  if (candidate.rampFrom === undefined || situation.slowStart <= 0) return candidate.weight;
  const share = (situation.now - candidate.rampFrom) / situation.slowStart;
  return candidate.weight * Math.min(1, Math.max(SMALLEST_SHARE, share));
}
