import type { SessionTable } from "./table.ts";

interface Waiter {
  readonly backend: string;
  readonly resolve: () => void;
}

/** Who waits for a backend to have no session left. */
export class Drains {
  readonly #table: SessionTable;
  readonly #waiting = new Set<Waiter>();

  constructor(table: SessionTable) {
    this.#table = table;
    table.onEmpty = (backend) => this.#emptied(backend);
  }

  /**
   * Resolves when no session of the backend has been used for a while, or has been closed.
   * @param signal whoever waits has gone: it resolves at once
   */
  wait(backend: string, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || this.#table.sessions(backend) === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter = { backend, resolve };
      const leave = (): void => {
        this.#waiting.delete(waiter);
        resolve();
      };
      this.#waiting.add(waiter);
      signal?.addEventListener("abort", leave, { once: true });
    });
  }

  #emptied(backend: string): void {
    for (const waiter of this.#waiting) {
      if (waiter.backend !== backend) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }

  /** Nobody waits any longer. */
  close(): void {
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
  }
}
