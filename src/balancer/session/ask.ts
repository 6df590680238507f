import { notMine } from "./calls.ts";
import type { Link } from "./link.ts";

/** Of a reply, at most this much is kept until its status is known; Impala's refusals have some 200 bytes. */
const MAX_HELD = 64 * 1024;

export interface AskHost {
  /** A link to a backend, ready for a call. Rejects when there is none to be had. */
  link(backend: string): Promise<Link>;
  /** A backend knows the handle: `held` is its reply so far, which the link's reader has seen. */
  answered(link: Link, held: readonly Buffer[]): void;
  /** Nobody knows it: the last backend's own words, or undefined when none could be asked. */
  unanswered(refusal: Buffer | undefined): void;
}

interface Asked {
  readonly held: Buffer[];
  bytes: number;
}

/**
 * Finds the owner of a handle that the table does not know (the balancer has been restarted, or has taken over from another): sends the
 * client's own call to one backend after the other until one does not refuse the handle. A backend that does not know it does nothing but
 * say so. The next one is asked after a refusal, or after `patience` when the last one is slow: the owner may be, a frozen backend always is.
 */
export class Ask {
  readonly #host: AskHost;
  readonly #call: readonly Buffer[];
  readonly #candidates: string[];
  readonly #patience: number;
  readonly #asked = new Map<Link, Asked>();
  #connecting = 0;
  #refusal: Buffer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  /** @param patience milliseconds */
  constructor(host: AskHost, call: readonly Buffer[], candidates: readonly string[], patience: number) {
    this.#host = host;
    this.#call = call;
    this.#candidates = [...candidates];
    this.#patience = patience;
  }

  start(): void {
    this.#next();
  }

  /** The client has gone. */
  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  has(link: Link): boolean {
    return this.#asked.has(link);
  }

  /** Bytes of a reply from one of those asked. */
  bytes(link: Link, chunk: Buffer): void {
    const asked = this.#asked.get(link);
    if (asked === undefined) return;
    const { reader } = link;
    const stopped = reader.push(chunk, 0, chunk.length);
    if (reader.fault !== undefined || stopped < chunk.length) {
      link.close();
      this.ended(link);
      return;
    }
    asked.held.push(Buffer.from(chunk));
    asked.bytes += chunk.length;
    if (!reader.scanner.statusKnown && asked.bytes < MAX_HELD) return;
    if (!notMine(reader.scanner)) this.#found(link, asked);
    else if (reader.done) {
      this.#refusal = Buffer.concat(asked.held);
      link.busy = false;
      this.#asked.delete(link);
      this.#next();
    }
  }

  /** One of those asked has closed its connection without an answer. */
  ended(link: Link): void {
    if (this.#asked.delete(link)) this.#next();
  }

  #found(link: Link, asked: Asked): void {
    this.stop();
    for (const other of this.#asked.keys()) if (other !== link) other.close();
    this.#asked.clear();
    this.#host.answered(link, asked.held);
  }

  #next(): void {
    if (this.#over) return;
    clearTimeout(this.#timer);
    const backend = this.#candidates.shift();
    if (backend === undefined) {
      if (this.#asked.size > 0 || this.#connecting > 0) return;
      this.stop();
      this.#host.unanswered(this.#refusal);
      return;
    }
    this.#timer = setTimeout(() => this.#next(), this.#patience);
    this.#connecting++;
    this.#host.link(backend).then(
      (link) => {
        this.#connecting--;
        if (!this.#over) this.#send(link);
      },
      () => {
        this.#connecting--;
        this.#next();
      },
    );
  }

  #send(link: Link): void {
    this.#asked.set(link, { held: [], bytes: 0 });
    link.busy = true;
    link.reader.reset();
    for (const chunk of this.#call) link.send(chunk);
  }
}
