import type { BackendView } from "../contract.ts";
import { chooseForSession } from "./choose.ts";
import type { SessionTable } from "./table.ts";

const NOBODY: ReadonlySet<string> = new Set();

/** Who gets the next session: what the table knows, and sessions that are just being opened. */
export class SessionLoad {
  readonly #table: SessionTable;
  readonly #opening = new Map<string, number>();
  readonly #chosen = new Map<string, number>();
  #turn = 0;

  constructor(table: SessionTable) {
    this.#table = table;
  }

  /**
   * The backend for a new session, none of those `tried`.
   * @param full those where it would have to wait: only if it has to anyway
   */
  choose(
    backends: readonly BackendView[],
    tried: ReadonlySet<string>,
    full: ReadonlySet<string> = NOBODY,
  ): BackendView | undefined {
    const load = (backend: string) => ({
      sessions: this.#table.sessions(backend) + (this.#opening.get(backend) ?? 0),
      operations: this.#table.operations(backend),
      lastChosen: this.#chosen.get(backend) ?? 0,
    });
    const choice =
      (full.size > 0 && chooseForSession(backends, load, new Set([...tried, ...full]))) ||
      chooseForSession(backends, load, tried);
    if (choice !== undefined) this.#chosen.set(choice.name, ++this.#turn);
    return choice;
  }

  /** A session is being opened at a backend (+1), or that is over (-1). */
  reserve(backend: string, by: 1 | -1): void {
    this.#opening.set(backend, (this.#opening.get(backend) ?? 0) + by);
  }
}
