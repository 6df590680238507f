interface Entry {
  backend: string;
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
      this.#entries.delete(source);
      return undefined;
    }
    return entry.backend;
  }

  /** A connection of the source reached this backend: the source belongs there from now on. */
  opened(source: string, backend: string, now: number): void {
    const entry = this.#entries.get(source) ?? { backend, open: 0, expires: 0 };
    entry.backend = backend;
    entry.open++;
    entry.expires = now + this.#options.expire;
    this.#entries.delete(source);
    this.#entries.set(source, entry);
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
    if (backend === undefined) return this.#entries.size;
    let found = 0;
    for (const entry of this.#entries.values()) if (entry.backend === backend) found++;
    return found;
  }

  /** Removes entries that have expired; called now and then so that sources that never return cost nothing. */
  sweep(now: number): void {
    for (const [source, entry] of this.#entries) {
      if (entry.open === 0 && entry.expires <= now) this.#entries.delete(source);
    }
  }

  /** The map keeps the order of use, so the first entry is the longest unused. */
  #shrink(): void {
    for (const source of this.#entries.keys()) {
      if (this.#entries.size <= this.#options.size) return;
      this.#entries.delete(source);
    }
  }
}
