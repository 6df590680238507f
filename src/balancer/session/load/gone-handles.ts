/** Seconds for which a handle is remembered that a client has closed: Hue closes operations twice. */
export const CLOSED_FOR = 60;
/** Seconds for which a handle is remembered that nobody knows: its owner may only be out of reach. */
export const UNKNOWN_FOR = 10;

/** Beyond this many the oldest is forgotten: its handle is looked for again. */
const MOST = 20_000;

interface Gone {
  readonly backend: string;
  readonly until: number;
}

/** Handles that are known to be gone, and who can say so. Knows no clock: times are given, in milliseconds. */
export class GoneHandles {
  readonly #entries = new Map<string, Gone>();

  /** @param seconds for which it is remembered */
  remember(key: string, backend: string, now: number, seconds: number): void {
    this.#entries.delete(key);
    if (this.#entries.size >= MOST) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { backend, until: now + seconds * 1000 });
  }

  /** The backend that knows the handle to be gone. */
  find(key: string, now: number): string | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until > now) return entry.backend;
    this.#entries.delete(key);
    return undefined;
  }
}
