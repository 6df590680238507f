/** A connection that waits for a free slot. */
export interface Waiter {
  /** Only this backend will do (stickiness); undefined: any. */
  readonly wants: string | undefined;
}

/** A waiter of a listener. */
export interface SlotWaiter<B> extends Waiter {
  /** There is a slot at this backend; the waiter has been taken out. */
  granted(backend: B): void;
  /** What it waited for has changed; the waiter has been taken out. */
  reconsider(): void;
}

/** First come, first served, except that a freed slot goes to the first waiter who may use that backend. */
export class WaitQueue<W extends Waiter> {
  readonly #waiters = new Set<W>();
  /** How many wait for each backend in particular. */
  readonly #wanted = new Map<string, number>();

  get length(): number {
    return this.#waiters.size;
  }

  /** How many wait for this backend in particular. */
  waitingFor(backend: string): number {
    return this.#wanted.get(backend) ?? 0;
  }

  push(waiter: W): void {
    if (this.#waiters.has(waiter)) return;
    this.#waiters.add(waiter);
    this.#count(waiter, 1);
  }

  /** True if it was waiting. */
  remove(waiter: W): boolean {
    if (!this.#waiters.delete(waiter)) return false;
    this.#count(waiter, -1);
    return true;
  }

  /** Takes out the first who may use the backend. */
  take(backend: string): W | undefined {
    for (const waiter of this.#waiters) {
      if (waiter.wants === undefined || waiter.wants === backend) {
        this.remove(waiter);
        return waiter;
      }
    }
    return undefined;
  }

  /** Takes everyone out who waits for this backend in particular, or (undefined) everyone. */
  takeAll(backend?: string): W[] {
    const taken = [...this.#waiters].filter((waiter) => backend === undefined || waiter.wants === backend);
    for (const waiter of taken) this.remove(waiter);
    return taken;
  }

  #count({ wants }: W, by: 1 | -1): void {
    if (wants === undefined) return;
    const count = (this.#wanted.get(wants) ?? 0) + by;
    if (count === 0) this.#wanted.delete(wants);
    else this.#wanted.set(wants, count);
  }
}
