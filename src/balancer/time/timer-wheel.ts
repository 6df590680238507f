/** Something that wants to be looked at when a time has come. */
export interface Timed {
  /** The bucket that holds it, kept by the wheel. */
  bucket: Set<Timed> | undefined;
  /**
   * Called when due: returns when to look again (milliseconds of the wheel's clock), or undefined to leave the wheel.
   */
  due(now: number): number | undefined;
}

/**
 * Coarse timers for many connections: one interval for all, no timer to move when bytes flow. An entry is put into
 * the bucket of the time at which it could expire; only when that time has come does it say whether bytes have flowed
 * since.
 *
 * The wheel's clock is running time: it advances by at most two ticks at once, so a process that was stopped, or a
 * machine that was suspended, finds its connections as old as they were and not all expired.
 */
export class TimerWheel {
  /** Milliseconds of running time; cheap to read, so connections stamp their activity with it. */
  now = 0;
  readonly #tick: number;
  readonly #clock: () => number;
  readonly #buckets = new Map<number, Set<Timed>>();
  #last: number;
  #interval: NodeJS.Timeout | undefined;

  /** @param tick milliseconds: how coarse */
  constructor(tick: number, clock: () => number) {
    this.#tick = tick;
    this.#clock = clock;
    this.#last = clock();
  }

  /**
   * Looks at the entry at `at` (milliseconds of running time) or up to one tick later; moves it if it is scheduled
   * already.
   */
  schedule(entry: Timed, at: number): void {
    this.cancel(entry);
    const number = Math.max(Math.ceil(at / this.#tick), Math.floor(this.now / this.#tick) + 1);
    let bucket = this.#buckets.get(number);
    if (bucket === undefined) {
      bucket = new Set();
      this.#buckets.set(number, bucket);
    }
    bucket.add(entry);
    entry.bucket = bucket;
  }

  cancel(entry: Timed): void {
    entry.bucket?.delete(entry);
    entry.bucket = undefined;
  }

  /** Entries that wait. */
  get size(): number {
    let size = 0;
    for (const bucket of this.#buckets.values()) size += bucket.size;
    return size;
  }

  /** Advances to the clock's time and calls what is due. */
  advance(): void {
    const clock = this.#clock();
    const from = Math.floor(this.now / this.#tick);
    this.now += Math.min(Math.max(0, clock - this.#last), 2 * this.#tick);
    this.#last = clock;
    const to = Math.floor(this.now / this.#tick);
    for (let number = from + 1; number <= to; number++) this.#empty(number);
  }

  start(): void {
    if (this.#interval !== undefined) return;
    this.#last = this.#clock();
    this.#interval = setInterval(() => this.advance(), this.#tick);
    this.#interval.unref();
  }

  stop(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  #empty(number: number): void {
    const bucket = this.#buckets.get(number);
    if (bucket === undefined) return;
    this.#buckets.delete(number);
    for (const entry of bucket) {
      entry.bucket = undefined;
      const again = entry.due(this.now);
      if (again !== undefined) this.schedule(entry, again);
    }
  }
}
