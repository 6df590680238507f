/** Upper bounds of the buckets, in seconds. */
const BOUNDS = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 4, 10];

interface Times {
  /** Connections of each bucket, the last for those that took longer than every bound. */
  readonly buckets: number[];
  sum: number;
}

/** How long connecting to each backend took, as a Prometheus histogram. */
export class ConnectTimes {
  readonly #times = new Map<string, Map<string, Times>>();

  observe(listener: string, backend: string, seconds: number): void {
    const backends = this.#times.get(listener) ?? new Map<string, Times>();
    this.#times.set(listener, backends);
    const times = backends.get(backend) ?? { buckets: new Array<number>(BOUNDS.length + 1).fill(0), sum: 0 };
    backends.set(backend, times);
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    const index = bucket < 0 ? BOUNDS.length : bucket;
    times.buckets[index] = (times.buckets[index] ?? 0) + 1;
    times.sum += seconds;
  }

  /**
   * The samples of one backend; "" if nobody has connected to it.
   * @param labels `listener="…",backend="…"`
   */
  samples(metric: string, listener: string, backend: string, labels: string): string {
    const times = this.#times.get(listener)?.get(backend);
    if (times === undefined) return "";
    let count = 0;
    const buckets = times.buckets.map((inBucket, index) => {
      count += inBucket;
      return `${metric}_bucket{le="${BOUNDS[index] ?? "+Inf"}",${labels}} ${count}\n`;
    });
    return `${buckets.join("")}${metric}_sum{${labels}} ${times.sum}\n${metric}_count{${labels}} ${count}\n`;
  }

  /** Forgets backends that a reload has taken away. */
  keep(present: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const [listener, backends] of this.#times) {
      for (const backend of backends.keys()) {
        if (present.get(listener)?.has(backend) !== true) backends.delete(backend);
      }
      if (backends.size === 0) this.#times.delete(listener);
    }
  }
}
