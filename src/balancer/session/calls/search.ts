import { notMine } from "../../wire/hiveserver2/refusals.ts";
import { REPLY } from "../../wire/thrift/types.ts";
import type { Link, LinkUser } from "../links/link.ts";
import type { Links } from "../links/links.ts";

/** Answers to a question have some 200 bytes; whoever says more does not know what it is asked. */
const LONGEST_ANSWER = 64 * 1024;
/**
 * Milliseconds without an answer after which the next backend is asked too: the owner may be slow, a frozen backend
 * always is.
 */
const NEXT_AFTER = 1000;

/** What came of a search: names of backends. */
export interface Found {
  /** Knows the handle. */
  readonly owner: string | undefined;
  /** Does not know it: the last that said so. */
  readonly refuser: string | undefined;
  /** Have not said in time whether they know it, or cannot be reached. */
  readonly silent: number;
}

/** A backend that has been asked, or is being connected to for that. */
interface Question {
  readonly backend: string;
  link: Link | undefined;
  bytes: number;
  timer: NodeJS.Timeout | undefined;
}

export interface SearchOptions {
  /** The question, framed. */
  readonly question: Buffer;
  /** Names of the backends to ask, in this order. */
  readonly candidates: readonly string[];
  /** Milliseconds that each of them has to answer. */
  readonly patience: number;
  /** Uses the links that have been asked, when they are free again. */
  readonly after: LinkUser;
}

/**
 * Finds the owner of a handle that the table does not know (the balancer has been restarted, or has taken over from
 * another): asks one backend after the other until one does not refuse the handle. The question changes nothing, so the
 * client's call goes to nobody but its owner. Ends in bounded time: whoever is silent for too long, or goes down, is
 * not waited for.
 */
export class Search implements LinkUser {
  readonly #links: Links;
  readonly #options: SearchOptions;
  readonly #candidates: string[];
  readonly #asked = new Set<Question>();
  #refuser: string | undefined;
  #silent = 0;
  #timer: NodeJS.Timeout | undefined;
  #done: ((found: Found) => void) | undefined;

  constructor(links: Links, options: SearchOptions) {
    this.#links = links;
    this.#options = options;
    this.#candidates = [...options.candidates];
  }

  /** Settles once; never if {@link stop} comes first. */
  run(): Promise<Found> {
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#next();
    });
  }

  /** The client has gone. */
  stop(): void {
    this.#done = undefined;
    clearTimeout(this.#timer);
    for (const { timer } of this.#asked) clearTimeout(timer);
  }

  /** Nobody waits for those that have gone down. @param reachable the names of the backends that have not */
  tick(reachable: ReadonlySet<string>): void {
    for (const question of this.#asked) if (!reachable.has(question.backend)) this.#drop(question);
  }

  linkBytes(link: Link, chunk: Buffer): boolean {
    const question = this.#questionOf(link);
    if (question === undefined) return true;
    const { reader } = link;
    const stopped = reader.push(chunk, 0, chunk.length);
    question.bytes += chunk.length;
    if (reader.fault !== undefined || stopped < chunk.length || question.bytes > LONGEST_ANSWER) {
      this.#drop(question);
    } else if (reader.done) this.#answered(question, link);
    return true;
  }

  /** A backend has closed its connection without an answer. */
  linkEnded(link: Link): void {
    this.#links.remove(link);
    const question = this.#questionOf(link);
    if (question !== undefined) this.#drop(question);
  }

  linkDrained(): void {
    // The whole question has been written.
  }

  #questionOf(link: Link): Question | undefined {
    for (const question of this.#asked) if (question.link === link) return question;
    return undefined;
  }

  #answered(question: Question, link: Link): void {
    const { scanner } = link.reader;
    const { backend } = question;
    // An exception: it does not even know what it is asked.
    const knows = scanner.type === REPLY && !notMine(scanner);
    this.#over(question);
    link.busy = false;
    link.user = this.#options.after;
    if (knows) this.#settle(backend);
    else {
      this.#refuser = backend;
      this.#next();
    }
  }

  /** It has no chance to answer any more. */
  #drop(question: Question): void {
    const { link } = question;
    this.#over(question);
    if (link !== undefined) this.#links.abandon(link);
    this.#silent++;
    this.#next();
  }

  #over(question: Question): void {
    clearTimeout(question.timer);
    this.#asked.delete(question);
  }

  #settle(owner: string | undefined): void {
    const done = this.#done;
    this.stop();
    for (const { link } of this.#asked) if (link !== undefined) this.#links.abandon(link);
    this.#asked.clear();
    done?.({ owner, refuser: this.#refuser, silent: this.#silent });
  }

  #next(): void {
    if (this.#done === undefined) return;
    clearTimeout(this.#timer);
    const backend = this.#candidates.shift();
    if (backend === undefined) {
      if (this.#asked.size === 0) this.#settle(undefined);
      return;
    }
    this.#timer = setTimeout(() => this.#next(), NEXT_AFTER);
    const question: Question = { backend, link: undefined, bytes: 0, timer: undefined };
    question.timer = setTimeout(() => this.#drop(question), this.#options.patience);
    this.#asked.add(question);
    this.#links.ready(backend, this.#options.after).then(
      (link) => this.#ask(question, link),
      () => {
        if (this.#asked.has(question)) this.#drop(question);
      },
    );
  }

  #ask(question: Question, link: Link): void {
    if (this.#done === undefined || !this.#asked.has(question)) return;
    question.link = link;
    link.user = this;
    link.busy = true;
    link.reader.reset();
    link.send(this.#options.question);
  }
}
