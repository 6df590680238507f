import { notMine } from "../../wire/hiveserver2/refusals.ts";
import type { Link, LinkUser } from "../links/link.ts";
import type { Links } from "../links/links.ts";

/** Of a reply, at most this much is kept until its status is known; Impala's refusals have some 200 bytes. */
const MOST_HELD = 64 * 1024;
/** Milliseconds without an answer after which the next backend is asked too: the owner may be slow, a frozen backend always is. */
const NEXT_AFTER = 1000;

/** What came of a search. */
export type Found =
  /** A backend knows the handle: `reply` is what it has answered so far, which the link's reader has seen. */
  | { readonly link: Link; readonly reply: readonly Buffer[] }
  /** Nobody knows it: the last backend's own words, undefined when none could be asked. */
  | { readonly refusal: Buffer | undefined };

interface Question {
  readonly held: Buffer[];
  bytes: number;
}

/**
 * Finds the owner of a handle that the table does not know (the balancer has been restarted, or has taken over from another): sends the
 * client's own call to one backend after the other until one does not refuse the handle. A backend that does not know it does nothing but
 * say so.
 */
export class Search implements LinkUser {
  readonly #links: Links;
  readonly #after: LinkUser;
  readonly #call: readonly Buffer[];
  readonly #candidates: string[];
  readonly #asked = new Map<Link, Question>();
  #connecting = 0;
  #refusal: Buffer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #found: ((found: Found) => void) | undefined;

  /**
   * @param after uses the links that have been asked when they are free again
   * @param candidates the backends to ask, in this order
   */
  constructor(links: Links, after: LinkUser, call: readonly Buffer[], candidates: readonly string[]) {
    this.#links = links;
    this.#after = after;
    this.#call = call;
    this.#candidates = [...candidates];
  }

  /** Settles once; never if {@link stop} comes first. */
  run(): Promise<Found> {
    return new Promise((resolve) => {
      this.#found = resolve;
      this.#next();
    });
  }

  /** The client has gone. */
  stop(): void {
    this.#found = undefined;
    clearTimeout(this.#timer);
  }

  /** Bytes of a reply from one of those asked. */
  linkBytes(link: Link, chunk: Buffer): boolean {
    const question = this.#asked.get(link);
    if (question === undefined) return true;
    const { reader } = link;
    const stopped = reader.push(chunk, 0, chunk.length);
    if (reader.fault !== undefined || stopped < chunk.length) {
      link.close();
      this.linkEnded(link);
      return true;
    }
    question.held.push(Buffer.from(chunk));
    question.bytes += chunk.length;
    if (!reader.scanner.statusKnown && question.bytes < MOST_HELD) return true;
    if (!notMine(reader.scanner)) this.#knows(link, question);
    else if (reader.done) {
      this.#refusal = Buffer.concat(question.held);
      this.#asked.delete(link);
      link.busy = false;
      link.user = this.#after;
      this.#next();
    }
    return true;
  }

  /** One of those asked has closed its connection without an answer. */
  linkEnded(link: Link): void {
    this.#links.remove(link);
    if (this.#asked.delete(link)) this.#next();
  }

  linkDrained(): void {
    // The whole call has been written.
  }

  #knows(link: Link, question: Question): void {
    this.#asked.delete(link);
    link.user = this.#after;
    for (const other of this.#asked.keys()) {
      this.#links.remove(other);
      other.close();
    }
    this.#asked.clear();
    this.#settle({ link, reply: question.held });
  }

  #settle(found: Found): void {
    const done = this.#found;
    this.stop();
    done?.(found);
  }

  #next(): void {
    if (this.#found === undefined) return;
    clearTimeout(this.#timer);
    const backend = this.#candidates.shift();
    if (backend === undefined) {
      if (this.#asked.size === 0 && this.#connecting === 0) this.#settle({ refusal: this.#refusal });
      return;
    }
    this.#timer = setTimeout(() => this.#next(), NEXT_AFTER);
    this.#connecting++;
    this.#links.ready(backend, this.#after).then(
      (link) => {
        this.#connecting--;
        if (this.#found !== undefined) this.#ask(link);
      },
      () => {
        this.#connecting--;
        this.#next();
      },
    );
  }

  #ask(link: Link): void {
    this.#asked.set(link, { held: [], bytes: 0 });
    link.user = this;
    link.busy = true;
    link.reader.reset();
    for (const chunk of this.#call) link.send(chunk);
  }
}
