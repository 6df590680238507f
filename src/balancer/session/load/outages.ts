import type { RunningClock } from "../clock.ts";
import type { BackendView } from "../contract.ts";
import type { Keepers } from "../links/keepers.ts";
import type { SessionTable } from "./table.ts";

/** Since when backends have been out of reach. */
export class Outages {
  readonly #clock: RunningClock;
  readonly #table: SessionTable;
  readonly #keepers: Keepers;
  readonly #since = new Map<string, number>();

  constructor(clock: RunningClock, table: SessionTable, keepers: Keepers) {
    this.#keepers = keepers;
    this.#clock = clock;
    this.#table = table;
  }

  /** A backend that has gone down has lost its sessions: what it owned must not keep new ones away when it is back. */
  look(backends: readonly BackendView[]): void {
    for (const backend of backends) {
      if (backend.reachable) this.#since.delete(backend.name);
      else {
        this.#table.lose(backend.name);
        this.#keepers.forget(backend.name);
        if (!this.#since.has(backend.name)) this.#since.set(backend.name, this.#clock.running);
      }
    }
  }

  /** Seconds for which a backend has been out of reach. */
  duration(backend: string): number {
    const since = this.#since.get(backend);
    return since === undefined ? 0 : (this.#clock.running - since) / 1000;
  }
}
