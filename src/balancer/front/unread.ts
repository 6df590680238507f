import { limitGrowth, SHARED_SIZE } from "../relay/buffers.ts";

/** Bytes of results that may wait in memory for clients to read them, all connections of the process together. */
export const UNREAD_LIMIT = 64 * 1024 * 1024;

/** A connection, as far as its client may be slow. */
export interface SlowReader {
  /** Ends it. */
  end(termination: string, reason: string): void;
}

/**
 * Keeps what clients do not read within bounds. From half of the limit on connections read in small pieces, so that
 * each holds little; when it is spent, the connection is ended whose client has taken nothing for longest. Thousands
 * can wait before, as large pieces are read for few of them only (`relay/buffers.ts`).
 */
export class UnreadBudget {
  readonly #limit: number;
  #bytes = 0;
  /** The map keeps the order in which they began to wait. */
  readonly #waiting = new Map<SlowReader, number>();

  /** @param limit bytes */
  constructor(limit: number = UNREAD_LIMIT) {
    this.#limit = limit;
  }

  /** Bytes that wait now, with the buffers into which their connections will read next. */
  get bytes(): number {
    return this.#bytes;
  }

  /** So many bytes wait for a client that has not taken all. */
  hold(reader: SlowReader, unsent: number): void {
    // Who reads into a buffer of its own has the next one already, as large as this one.
    const bytes = unsent > SHARED_SIZE ? 2 * unsent : unsent;
    this.#bytes += bytes - (this.#waiting.get(reader) ?? 0);
    this.#waiting.set(reader, bytes);
    this.#steer();
    while (this.#bytes > this.#limit) {
      const [longest] = this.#waiting.keys();
      if (longest === undefined) return;
      this.release(longest);
      longest.end(
        "RD",
        "too much waits for clients that do not read, and this one has read nothing for longest",
      );
    }
  }

  /** Its client has taken everything, or is gone. */
  release(reader: SlowReader): void {
    const bytes = this.#waiting.get(reader);
    if (bytes === undefined) return;
    this.#waiting.delete(reader);
    this.#bytes -= bytes;
    this.#steer();
  }

  /** Small pieces from half of the limit on, until there is plenty of room again. */
  #steer(): void {
    if (this.#bytes > this.#limit / 2) limitGrowth(true);
    else if (this.#bytes < this.#limit / 4) limitGrowth(false);
  }
}
