import type { Algorithm, Candidate } from "../../algorithms/algorithm.ts";
import { algorithmRow, type Balance } from "../../algorithms/table.ts";
import type { StickTable } from "./stick-table.ts";

/** What the pool needs to know of a backend besides what an algorithm looks at. */
export interface Member extends Candidate {
  readonly backup: boolean;
  /** Up, not stopping, neither draining nor in maintenance: may get new connections. */
  readonly usable: boolean;
  /** Connections at a time, at most; 0: no limit. */
  readonly maxConnections: number;
}

/**
 * - `chosen`: connect to this backend
 * - `full`: every backend that would do has no free slot; `backend` is set when only that one will do (stickiness)
 * - `none`: nobody is usable
 */
export type Choice<M> =
  | { readonly kind: "chosen"; readonly backend: M }
  | { readonly kind: "full"; readonly backend?: M }
  | { readonly kind: "none" };

export interface Request {
  readonly source: string;
  /** Names already tried for this connection: chosen again only when nobody else is left. */
  readonly tried: ReadonlySet<string>;
  /** Milliseconds. */
  readonly now: number;
}

/** Chooses a backend for one new connection. Pure: time comes in, and only turns are remembered. */
export class Pool<M extends Member> {
  readonly #algorithm: Algorithm;
  readonly #table: StickTable | undefined;
  readonly #slowStart: number;

  /**
   * @param slowStart milliseconds
   * @param table for algorithms that are sticky
   */
  constructor(balance: Balance, slowStart: number, table?: StickTable) {
    this.#algorithm = algorithmRow(balance).create();
    this.#slowStart = slowStart;
    this.#table = table;
  }

  choose(members: readonly M[], request: Request): Choice<M> {
    const usable = level(members);
    if (usable.length === 0) return { kind: "none" };
    const wanted = request.tried.size === 0 ? usable : untried(usable, members, request.tried);
    const own = this.#sticky(wanted, request);
    if (own !== undefined)
      return hasSlot(own) ? { kind: "chosen", backend: own } : { kind: "full", backend: own };
    const free = this.#free(wanted, members, request);
    const backend = this.#algorithm(free, {
      now: request.now,
      slowStart: this.#slowStart,
      source: request.source,
    });
    return backend === undefined ? { kind: "full" } : { kind: "chosen", backend };
  }

  /**
   * Those with a slot; where all of them are full, backups help out (as in nginx). A source that has to stay where it
   * is waits instead: it would keep the backup.
   */
  #free(wanted: readonly M[], members: readonly M[], request: Request): readonly M[] {
    const free = wanted.filter(hasSlot);
    if (free.length > 0 || this.#table !== undefined) return free;
    return members.filter(
      (each) =>
        each.backup && each.usable && each.weight > 0 && hasSlot(each) && !request.tried.has(each.name),
    );
  }

  #sticky(wanted: readonly M[], request: Request): M | undefined {
    const name = this.#table?.get(request.source, request.now);
    return name === undefined ? undefined : wanted.find((each) => each.name === name);
  }
}

/** The usable backends that take part: the active ones, or the backups when no active one is usable. */
function level<M extends Member>(members: readonly M[]): readonly M[] {
  const usable = members.filter((each) => each.usable && each.weight > 0);
  const active = usable.filter((each) => !each.backup);
  return active.length > 0 ? active : usable;
}

/**
 * Those not tried yet; where every active one has failed this connection, though no check has taken them down yet, a
 * backup (as in nginx); where those have failed too, all once more.
 */
function untried<M extends Member>(
  usable: readonly M[],
  members: readonly M[],
  tried: ReadonlySet<string>,
): readonly M[] {
  const left = usable.filter((each) => !tried.has(each.name));
  if (left.length > 0) return left;
  const backups = members.filter(
    (each) => each.backup && each.usable && each.weight > 0 && !tried.has(each.name) && hasSlot(each),
  );
  return backups.length > 0 ? backups : usable;
}

/** True while the backend may take one more connection. */
export function hasSlot(member: Member): boolean {
  return member.maxConnections === 0 || member.active < member.maxConnections;
}
