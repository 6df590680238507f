export interface Thresholds {
  /** Consecutive failed checks until DOWN. */
  readonly fall: number;
  /** Consecutive good checks until UP. */
  readonly rise: number;
}

export interface HealthState {
  readonly status: "up" | "down";
  /** Consecutive results that contradict the status; the status changes when it reaches `fall` or `rise`. */
  readonly against: number;
}

/**
 * A backend is taken to be up until its first check, but a first check that fails takes it down at once (as HAProxy
 * does).
 */
export function initialHealth(thresholds: Thresholds): HealthState {
  return { status: "up", against: thresholds.fall - 1 };
}

/** The state after one result. Pure. */
export function afterResult(state: HealthState, good: boolean, thresholds: Thresholds): HealthState {
  if (good === (state.status === "up"))
    return state.against === 0 ? state : { status: state.status, against: 0 };
  const against = state.against + 1;
  const needed = state.status === "up" ? thresholds.fall : thresholds.rise;
  if (against < needed) return { status: state.status, against };
  return { status: state.status === "up" ? "down" : "up", against: 0 };
}

/** True while a change is under way: results contradict the status, but not enough of them yet. */
export function inTransition(state: HealthState): boolean {
  return state.against > 0;
}
