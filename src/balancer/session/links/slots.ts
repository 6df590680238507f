import type { BackendView } from "../contract.ts";
import type { Keepers } from "./keepers.ts";
import type { Link } from "./link.ts";

/** The links of one connection. */
interface LinkHolder {
  readonly source: string;
  get(backend: string): Link | undefined;
  /** Closes a link between two calls. */
  release(link: Link): void;
}

/** Told of each link that has been closed for another's sake. */
export type OnMadeRoom = (link: Link, source: string) => void;

interface Victim {
  readonly link: Link;
  readonly links: LinkHolder;
}

/**
 * Where backends take a limited number of connections: links that nobody needs make room for those that are waited for.
 * One on which a session was opened does so only where the session outlives it.
 */
export class Slots {
  readonly keepers: Keepers;
  readonly #all: () => Iterable<LinkHolder>;
  readonly #onMadeRoom: OnMadeRoom;
  /** Connections that wait because their backend has no slot left. */
  readonly #wanted = new Map<string, number>();

  /** @param all the links of every connection */
  constructor(keepers: Keepers, all: () => Iterable<LinkHolder>, onMadeRoom: OnMadeRoom) {
    this.keepers = keepers;
    this.#all = all;
    this.#onMadeRoom = onMadeRoom;
  }

  /**
   * A connection to this backend is about to be made: closes a link that may go if its connections are used up.
   * @returns to be called when it has been made, or not
   */
  makeRoom(backend: BackendView | undefined): () => void {
    if (backend === undefined || hasSlot(backend)) return nothing;
    const { name } = backend;
    this.#wanted.set(name, (this.#wanted.get(name) ?? 0) + 1);
    const victim = this.#victim(name);
    if (victim !== undefined) this.#release(victim);
    return () => {
      this.#wanted.set(name, (this.#wanted.get(name) ?? 0) - 1);
    };
  }

  /** Where a new connection would have to wait: all connections are used, and none of them may go. */
  isFull(backend: BackendView): boolean {
    return !hasSlot(backend) && this.#victim(backend.name) === undefined;
  }

  /** A call is over: its link goes if somebody waits for a connection to its backend, and nothing is lost with it. */
  betweenCalls(link: Link, links: LinkHolder): void {
    if ((this.#wanted.get(link.backend) ?? 0) > 0 && this.#mayGo(link)) this.#release({ link, links });
  }

  #mayGo(link: Link): boolean {
    if (link.busy || link.broken || link.role === "whole") return false;
    return link.role !== "owner" || this.keepers.keeps(link.backend);
  }

  /** Whose link goes first: one on which no session was opened, and among those the longest unused. */
  #victim(name: string): Victim | undefined {
    let victim: Victim | undefined;
    for (const links of this.#all()) {
      const link = links.get(name);
      if (link === undefined || !this.#mayGo(link)) continue;
      if (victim === undefined || goesBefore(link, victim.link)) victim = { link, links };
    }
    return victim;
  }

  #release({ link, links }: Victim): void {
    links.release(link);
    this.#onMadeRoom(link, links.source);
  }
}

function goesBefore(one: Link, other: Link): boolean {
  const [owns, otherOwns] = [one.role === "owner", other.role === "owner"];
  return owns === otherOwns ? one.lastUse < other.lastUse : otherOwns;
}

function hasSlot({ active = 0, maxConnections = 0 }: BackendView): boolean {
  return maxConnections === 0 || active < maxConnections;
}

function nothing(): void {
  // There was room.
}
