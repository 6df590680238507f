/** Where new sessions are counted: one per backend, by name. */
interface Home {
  readonly backend: string;
  /** Grows when the backend is lost: entries of an earlier life are remembered, but no longer counted. */
  life: number;
  sessions: number;
  operations: number;
}

/** A session or an operation. Small, as there may be a hundred thousand: times are whole seconds. */
interface Entry {
  readonly key: string;
  home: Home;
  life: number;
  lastUse: number;
  /** Included in its home's numbers: used lately. */
  counted: boolean;
}

interface Session extends Entry {
  /** Its operations, as a doubly linked list without an object of its own. */
  first: Operation | undefined;
}

interface Operation extends Entry {
  session: Session | undefined;
  next: Operation | undefined;
  previous: Operation | undefined;
}

export interface TableOptions {
  readonly maxSessions?: number;
  readonly maxOperations?: number;
  /**
   * Seconds without a call after which a session no longer counts: Impala's disconnected_session_timeout, Hue's
   * session_timeout_s.
   */
  readonly idleAfter?: number;
  /** Seconds without a call after which an entry is forgotten; a session that lives on is found again by asking. */
  readonly forgetAfter?: number;
}

export interface Owner {
  readonly backend: string;
  readonly kind: "session" | "operation";
  /** The backend was lost since this was learnt: it may not know the handle any more. */
  readonly lost: boolean;
}

/** How many entries a full table looks at for one that has not been used lately. */
const SECOND_CHANCES = 8;

/**
 * Which backend owns which session and operation. Keys are the 16-byte guids of handles as latin1 strings. Knows no
 * clock: times are given, in milliseconds.
 */
export class SessionTable {
  readonly #sessions = new Map<string, Session>();
  readonly #operations = new Map<string, Operation>();
  readonly #homes = new Map<string, Home>();
  readonly #options: Required<TableOptions>;
  /** Entries dropped because the table was full. */
  evicted = 0;
  /** Told when the last counted session of a backend has ended. */
  onEmpty: (backend: string) => void = () => undefined;

  constructor(options: TableOptions = {}) {
    this.#options = {
      maxSessions: options.maxSessions ?? 200_000,
      maxOperations: options.maxOperations ?? 400_000,
      idleAfter: options.idleAfter ?? 900,
      forgetAfter: options.forgetAfter ?? 43_200,
    };
  }

  /** Entries, counted or not. */
  get size(): { sessions: number; operations: number } {
    return { sessions: this.#sessions.size, operations: this.#operations.size };
  }

  /** Sessions of a backend that have been used lately. */
  sessions(backend: string): number {
    return this.#homes.get(backend)?.sessions ?? 0;
  }

  /** Operations of a backend that are open and have been used lately. */
  operations(backend: string): number {
    return this.#homes.get(backend)?.operations ?? 0;
  }

  /** A session has been opened, or found, on a backend. */
  addSession(key: string, backend: string, now: number): void {
    const known = this.#sessions.get(key);
    if (known !== undefined) {
      this.#settle(known, backend, now, "sessions");
      return;
    }
    if (this.#sessions.size >= this.#options.maxSessions) {
      this.#evict(this.#sessions, now, (victim) => this.#dropSession(victim));
    }
    const home = this.#home(backend);
    home.sessions++;
    this.#sessions.set(key, {
      key,
      home,
      life: home.life,
      lastUse: seconds(now),
      counted: true,
      first: undefined,
    });
  }

  /** An operation has been started, or found, on a backend; `session` is the key of its session where that is known. */
  addOperation(key: string, backend: string, session: string | undefined, now: number): void {
    const known = this.#operations.get(key);
    if (known !== undefined) {
      this.#settle(known, backend, now, "operations");
      return;
    }
    if (this.#operations.size >= this.#options.maxOperations) {
      this.#evict(this.#operations, now, (victim) => this.#dropOperation(victim));
    }
    const home = this.#home(backend);
    home.operations++;
    const owner = session === undefined ? undefined : this.#sessions.get(session);
    const operation: Operation = {
      key,
      home,
      life: home.life,
      lastUse: seconds(now),
      counted: true,
      session: owner,
      next: owner?.first,
      previous: undefined,
    };
    if (owner?.first !== undefined) owner.first.previous = operation;
    if (owner !== undefined) owner.first = operation;
    this.#operations.set(key, operation);
  }

  /** The owner of a handle; looking it up counts as use. */
  find(key: string, now: number): Owner | undefined {
    const session = this.#sessions.get(key);
    if (session !== undefined) return this.#use(session, "session", now);
    const operation = this.#operations.get(key);
    if (operation === undefined) return undefined;
    // A session whose query is being polled is in use.
    if (operation.session !== undefined) this.#use(operation.session, "session", now);
    return this.#use(operation, "operation", now);
  }

  /** True for a session that has not been closed; that is no use of it. */
  has(session: string): boolean {
    return this.#sessions.has(session);
  }

  /** The operations of a session. */
  *operationsOf(session: string): Iterable<string> {
    for (let each = this.#sessions.get(session)?.first; each !== undefined; each = each.next) yield each.key;
  }

  /** Forgets a session with its operations, or an operation; true if it was known. */
  remove(key: string): boolean {
    const session = this.#sessions.get(key);
    if (session !== undefined) {
      this.#dropSession(session);
      return true;
    }
    const operation = this.#operations.get(key);
    if (operation === undefined) return false;
    this.#dropOperation(operation);
    return true;
  }

  /** A backend has died: what it owned counts no longer, but is remembered in case that it was only out of reach. */
  lose(backend: string): void {
    const home = this.#homes.get(backend);
    if (home === undefined || (home.sessions === 0 && home.operations === 0)) return;
    const had = home.sessions;
    home.life++;
    home.sessions = 0;
    home.operations = 0;
    if (had > 0) this.onEmpty(backend);
  }

  /** Stops counting what is idle and forgets what is old. Call it every minute or so. */
  sweep(now: number): void {
    const idle = seconds(now) - this.#options.idleAfter;
    const old = seconds(now) - this.#options.forgetAfter;
    for (const session of this.#sessions.values()) {
      if (session.lastUse <= old) this.#dropSession(session);
      else if (session.lastUse <= idle) this.#uncount(session, "sessions");
    }
    for (const operation of this.#operations.values()) {
      if (operation.lastUse <= old) this.#dropOperation(operation);
      else if (operation.lastUse <= idle) this.#uncount(operation, "operations");
    }
  }

  #home(backend: string): Home {
    let home = this.#homes.get(backend);
    if (home === undefined) {
      home = { backend, life: 0, sessions: 0, operations: 0 };
      this.#homes.set(backend, home);
    }
    return home;
  }

  #use(entry: Entry, kind: Owner["kind"], now: number): Owner {
    const lost = entry.life !== entry.home.life;
    entry.lastUse = seconds(now);
    if (!entry.counted && !lost) {
      entry.counted = true;
      entry.home[kind === "session" ? "sessions" : "operations"]++;
    }
    return { backend: entry.home.backend, kind, lost };
  }

  /** A known entry has been seen alive on a backend. */
  #settle(entry: Entry, backend: string, now: number, what: "sessions" | "operations"): void {
    const home = this.#home(backend);
    // Counted first: where it stays with its backend, that has never been empty.
    home[what]++;
    this.#uncount(entry, what);
    entry.home = home;
    entry.life = home.life;
    entry.lastUse = seconds(now);
    entry.counted = true;
  }

  #uncount(entry: Entry, what: "sessions" | "operations"): void {
    const { home } = entry;
    if (entry.counted && entry.life === home.life) {
      home[what]--;
      if (what === "sessions" && home.sessions === 0) this.onEmpty(home.backend);
    }
    entry.counted = false;
  }

  #dropSession(session: Session): void {
    this.#uncount(session, "sessions");
    this.#sessions.delete(session.key);
    while (session.first !== undefined) this.#dropOperation(session.first);
  }

  #dropOperation(operation: Operation): void {
    this.#uncount(operation, "operations");
    this.#operations.delete(operation.key);
    const { session, next, previous } = operation;
    if (next !== undefined) next.previous = previous;
    if (previous !== undefined) previous.next = next;
    else if (session !== undefined) session.first = next;
    operation.session = undefined;
  }

  /** Second chance: the oldest entries that have been used lately go to the end of the queue. */
  #evict<E extends Entry>(entries: Map<string, E>, now: number, drop: (victim: E) => void): void {
    const recent = seconds(now) - this.#options.idleAfter;
    let chances = SECOND_CHANCES;
    for (const [key, entry] of entries) {
      if (entry.lastUse <= recent || chances === 0) {
        drop(entry);
        this.evicted++;
        return;
      }
      chances--;
      entries.delete(key);
      entries.set(key, entry);
    }
  }
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
