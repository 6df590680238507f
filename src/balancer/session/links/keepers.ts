/** Milliseconds after the end of a connection before which an answer says nothing: its server may not have noticed. */
const NOTICED = 5000;
/** Milliseconds after which a refusal has other reasons: Impala forgets sessions without a connection after a while. */
const TOO_LATE = 60_000;
/** Sessions that are watched at a time, and those of one link. */
const MOST_WATCHED = 1000;
export const MOST_OF_A_LINK = 8;

interface Orphan {
  readonly backend: string;
  /** When the connection ended on which it was opened. */
  readonly at: number;
}

/**
 * Which backends keep a session when the connection ends on which it was opened, as Impala does since 3.3. Said by the
 * options in OpenSession's reply, or seen: a session is asked for after its connection has ended. Nobody does of whom
 * nothing is known.
 */
export class Keepers {
  readonly #now: () => number;
  readonly #isOpen: (session: string) => boolean;
  readonly #keeps = new Map<string, boolean>();
  readonly #orphans = new Map<string, Orphan>();

  /**
   * @param now milliseconds
   * @param isOpen whether a session has not been closed
   */
  constructor(now: () => number, isOpen: (session: string) => boolean) {
    this.#now = now;
    this.#isOpen = isOpen;
  }

  keeps(backend: string): boolean {
    return this.#keeps.get(backend) === true;
  }

  /** A reply to OpenSession has said so: what has been seen counts for more. */
  said(backend: string): void {
    if (!this.#keeps.has(backend)) this.#keeps.set(backend, true);
  }

  /** The connection has ended on which these sessions were opened. */
  ended(backend: string, sessions: readonly string[]): void {
    for (const session of sessions) {
      if (!this.#isOpen(session)) continue;
      const [oldest] = this.#orphans.keys();
      if (this.#orphans.size >= MOST_WATCHED && oldest !== undefined) this.#orphans.delete(oldest);
      this.#orphans.set(session, { backend, at: this.#now() });
    }
  }

  /** A backend has answered a call that names a session: it knows it, or not. */
  answered(session: string, backend: string, known: boolean): void {
    if (this.#orphans.size === 0) return;
    const orphan = this.#orphans.get(session);
    if (orphan === undefined || orphan.backend !== backend) return;
    const since = this.#now() - orphan.at;
    if (known && since < NOTICED) return;
    this.#orphans.delete(session);
    if (known || since < TOO_LATE) this.#keeps.set(backend, known);
  }

  /** The backend is down, and may be another version when it is back. */
  forget(backend: string): void {
    this.#keeps.delete(backend);
    for (const [session, orphan] of this.#orphans) {
      if (orphan.backend === backend) this.#orphans.delete(session);
    }
  }
}
