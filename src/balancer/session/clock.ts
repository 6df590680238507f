/** Milliseconds between two ticks of the router. */
export const TICK = 1000;

/** The router's time. */
export class RunningClock {
  /** Milliseconds on a clock that never jumps. */
  readonly now: () => number;
  /**
   * Milliseconds during which the process has run, by the last tick: a suspended machine's connections are not older
   * than they were.
   */
  running = 0;
  #last: number;

  constructor(now: () => number) {
    this.now = now;
    this.#last = now();
  }

  /** Time that has passed until now does not count: nobody was there to wait. */
  restart(): void {
    this.#last = this.now();
  }

  tick(): void {
    const now = this.now();
    this.running += Math.min(Math.max(0, now - this.#last), 2 * TICK);
    this.#last = now;
  }
}
