interface Entry {
  readonly backend: string;
  /** Connections of this source that are open now. */
  open: number;
  /** When the entry ends unless it is used again; counts only while nothing is open. */
  expires: number;
}

export interface StickTableOptions {
  /** Milliseconds that an entry outlives the source's last connection. */
  readonly expire: number;
  readonly size: number;
}

/**
 * Which backend a source address belongs to. A table and not a hash, because a hash sends the source back when its old
 * backend recovers, and so splits the sessions that its pooled connections hold over two backends.
 */
export class StickTable {
  readonly #entries = new Map<string, Entry>();
  /** Sources of each backend. */
  readonly #counts = new Map<string, number>();
  #options: StickTableOptions;

  constructor(options: StickTableOptions) {
    this.#options = options;
  }

  /** New limits from a reload; the entries stay. */
  configure(options: StickTableOptions): void {
    this.#options = options;
    this.#shrink();
  }

  /** The source's backend, or undefined when it has none or its entry has expired at `now` (milliseconds). */
  get(source: string, now: number): string | undefined {
    const entry = this.#entries.get(source);
    if (entry === undefined) return undefined;
    if (entry.open === 0 && entry.expires <= now) {
      this.#remove(source, entry);
      return undefined;
    }
    return entry.backend;
  }

  /** A connection of the source reached this backend: the source belongs there from now on. */
  opened(source: string, backend: string, now: number): void {
    const known = this.#entries.get(source);
    if (known !== undefined) this.#remove(source, known);
    const entry = { backend, open: (known?.open ?? 0) + 1, expires: now + this.#options.expire };
    this.#entries.set(source, entry);
    this.#counts.set(backend, this.count(backend) + 1);
    this.#shrink();
  }

  /** A connection of the source ended: the expiry starts anew. */
  closed(source: string, now: number): void {
    const entry = this.#entries.get(source);
    if (entry === undefined || entry.open === 0) return;
    entry.open--;
    entry.expires = now + this.#options.expire;
  }

  /** Sources that belong to a backend, or all. */
  count(backend?: string): number {
    return backend === undefined ? this.#entries.size : (this.#counts.get(backend) ?? 0);
  }

  /** Removes entries that have expired; called now and then so that sources that never return cost nothing. */
  sweep(now: number): void {
    for (const [source, entry] of this.#entries) {
      if (entry.open === 0 && entry.expires <= now) this.#remove(source, entry);
    }
  }

  #remove(source: string, { backend }: Entry): void {
    this.#entries.delete(source);
    const left = this.count(backend) - 1;
    if (left > 0) this.#counts.set(backend, left);
    else this.#counts.delete(backend);
  }

  /** The map keeps the order of use, so the first entry is the longest unused. */
  #shrink(): void {
    for (const [source, entry] of this.#entries) {
      if (this.#entries.size <= this.#options.size) return;
      this.#remove(source, entry);
    }
  }
}
