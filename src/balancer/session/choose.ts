import type { BackendView } from "./contract.ts";

/** What a backend has to do, for {@link chooseForSession}. */
export interface Load {
  /** Sessions, those being opened included. */
  readonly sessions: number;
  readonly operations: number;
}

/**
 * The backend for a new session: the fewest sessions by weight, ties by the fewest running operations by weight, then in turn.
 * Backups only when no other backend is usable.
 * @param turn grows by one with each choice
 * @param except backends that have just refused
 */
export function chooseForSession(
  backends: readonly BackendView[],
  load: (backend: string) => Load,
  turn: number,
  except?: ReadonlySet<string>,
): BackendView | undefined {
  const candidates = backends.filter((backend) => backend.usable && !except?.has(backend.name));
  const weighted = candidates.filter((backend) => backend.weight > 0);
  const main = weighted.filter((backend) => !backend.backup);
  const pool = main.length > 0 ? main : weighted;
  let best: BackendView | undefined;
  let bestSessions = 0;
  let bestOperations = 0;
  for (let i = 0; i < pool.length; i++) {
    const backend = pool[(i + turn) % pool.length];
    if (backend === undefined) continue;
    const { sessions, operations } = load(backend.name);
    // As if the session were open already: so a heavier backend is first when all are empty.
    const bySessions = (sessions + 1) / backend.weight;
    const byOperations = operations / backend.weight;
    if (
      best === undefined ||
      bySessions < bestSessions ||
      (bySessions === bestSessions && byOperations < bestOperations)
    ) {
      best = backend;
      bestSessions = bySessions;
      bestOperations = byOperations;
    }
  }
  return best;
}
