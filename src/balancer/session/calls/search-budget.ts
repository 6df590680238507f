import type { RunningClock } from "../clock.ts";

/** What one client connection may spend on searches, each of which costs every backend a call. */
export interface SearchLimits {
  /**
   * Searches that need not wait: after a restart of the balancer one connection of Hue's pool brings the handles of all
   * users.
   */
  readonly burst: number;
  readonly perSecond: number;
}

const OF_A_CONNECTION: SearchLimits = { burst: 500, perSecond: 10 };
/** All connections together. */
const OF_ALL: SearchLimits = { burst: 5000, perSecond: 200 };
/** Searches under way. */
const MOST_AT_ONCE = 64;

/** A token bucket. */
export class Purse {
  tokens: number;
  readonly #limits: SearchLimits;
  #filled: number;

  constructor(limits: SearchLimits, now: number) {
    this.#limits = limits;
    this.tokens = limits.burst;
    this.#filled = now;
  }

  /** @param now running time in milliseconds */
  fill(now: number): void {
    const { burst, perSecond } = this.#limits;
    this.tokens = Math.min(burst, this.tokens + ((now - this.#filled) / 1000) * perSecond);
    this.#filled = now;
  }
}

/** A search that is under way, or waits for its turn. */
export interface Turn {
  readonly waiting: boolean;
  /** It is over, or not wanted any more. */
  end(): void;
}

interface Waiter {
  readonly purse: Purse;
  readonly start: () => void;
}

/** Lets no client have more than its share of searches: what is too much waits. */
export class SearchBudget {
  readonly #clock: RunningClock;
  readonly #limits: SearchLimits;
  readonly #all: Purse;
  readonly #waiting = new Set<Waiter>();
  /** Searches that have their turn. */
  underWay = 0;

  /** @param limits of one connection */
  constructor(clock: RunningClock, limits: SearchLimits = OF_A_CONNECTION) {
    this.#clock = clock;
    this.#limits = limits;
    this.#all = new Purse(OF_ALL, clock.running);
  }

  /** What a new client connection has. */
  purse(): Purse {
    return new Purse(this.#limits, this.#clock.running);
  }

  /** @param start called when it is this search's turn: at once, or later */
  turn(purse: Purse, start: () => void): Turn {
    const waiter = { purse, start };
    this.#waiting.add(waiter);
    const waiting = !this.#admit(waiter);
    return {
      waiting,
      end: () => {
        if (this.#waiting.delete(waiter)) return;
        this.underWay--;
        this.tick();
      },
    };
  }

  /** Time has passed, or a search is over: whose turn is it? */
  tick(): void {
    for (const waiter of this.#waiting) {
      if (this.underWay >= MOST_AT_ONCE) return;
      this.#admit(waiter);
    }
  }

  #admit(waiter: Waiter): boolean {
    const { purse, start } = waiter;
    for (const each of [purse, this.#all]) each.fill(this.#clock.running);
    if (this.underWay >= MOST_AT_ONCE || purse.tokens < 1 || this.#all.tokens < 1) return false;
    purse.tokens--;
    this.#all.tokens--;
    this.underWay++;
    this.#waiting.delete(waiter);
    start();
    return true;
  }
}
