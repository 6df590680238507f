/** Judgements put off at a time: those beyond are made at once, so that a flood costs no descriptors. */
const MOST = 64;

/**
 * Puts judgements off until everything that the kernel had received has been read. A client that closes a connection
 * and opens the next at once is accepted in the same turn of the event loop in which its FIN arrives, and maybe before
 * that is read.
 */
export class SecondLook {
  #waiting: Judge[] = [];

  /** Somebody waits: who comes now must not overtake. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** @returns false: too many wait already */
  take(judge: Judge): boolean {
    if (this.#waiting.length >= MOST) return false;
    this.#waiting.push(judge);
    if (this.#waiting.length === 1) this.#later();
    return true;
  }

  /** Two turns: bytes that came before a FIN are read in one of their own. */
  #later(): void {
    setImmediate(() => setImmediate(() => this.#judge()));
  }

  /**
   * In the order of their coming. Who has been let in may have closed again, which is seen only now that it is read.
   */
  #judge(): void {
    const waiting = this.#waiting;
    const refused = waiting.filter((judge) => !judge(false));
    if (refused.length < waiting.length && refused.length > 0) {
      this.#waiting = refused;
      this.#later();
      return;
    }
    this.#waiting = [];
    for (const judge of refused) judge(true);
  }
}

/** Lets somebody in if it can. @param last it must be refused otherwise @returns whether it is settled */
export type Judge = (last: boolean) => boolean;
