import type { BackendView } from "../contract.ts";

/** What a backend has to do, for {@link chooseForSession}. */
export interface Load {
  /** Sessions, those being opened included. */
  readonly sessions: number;
  readonly operations: number;
  /** When it was chosen last, as a number that grows with each choice; 0: never. */
  readonly lastChosen: number;
}

/**
 * The backend for a new session: the fewest sessions by weight, ties by the fewest running operations by weight, then
 * the one that has waited longest. Backups only when no other backend is usable.
 * @param except backends that have just refused
 */
export function chooseForSession(
  backends: readonly BackendView[],
  load: (backend: string) => Load,
  except?: ReadonlySet<string>,
): BackendView | undefined {
  const candidates = backends.filter((backend) => backend.usable && !except?.has(backend.name));
  const weighted = candidates.filter((backend) => backend.weight > 0);
  const main = weighted.filter((backend) => !backend.backup);
  const pool = main.length > 0 ? main : weighted;
  let best: BackendView | undefined;
  let bestRank: readonly number[] = [];
  for (const backend of pool) {
    const { sessions, operations, lastChosen } = load(backend.name);
    // As if the session were open already: so a heavier backend is first when all are empty.
    const rank = [(sessions + 1) / backend.weight, operations / backend.weight, lastChosen];
    if (best === undefined || isLess(rank, bestRank)) {
      best = backend;
      bestRank = rank;
    }
  }
  return best;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    if (x !== y) return x < y;
  }
  return false;
}
