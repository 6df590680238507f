import type { BackendView } from "../contract.ts";
import type { Link } from "./link.ts";

/** The links of one connection. */
interface LinkHolder {
  get(backend: string): Link | undefined;
  /** Closes a link between two calls. */
  release(link: Link): void;
}

/**
 * Where backends take a limited number of connections: links that nobody needs make room for those that are waited for.
 */
export class Slots {
  readonly #all: () => Iterable<LinkHolder>;
  /** Connections that wait because their backend has no slot left. */
  readonly #wanted = new Map<string, number>();

  /** @param all the links of every connection */
  constructor(all: () => Iterable<LinkHolder>) {
    this.#all = all;
  }

  /**
   * A connection to this backend is about to be made: closes an unused link if its connections are used up.
   * @returns to be called when it has been made, or not
   */
  makeRoom(backend: BackendView | undefined): () => void {
    const { name, active = 0, maxConnections = 0 } = backend ?? {};
    if (name === undefined || maxConnections === 0 || active < maxConnections) return nothing;
    this.#wanted.set(name, (this.#wanted.get(name) ?? 0) + 1);
    this.#releaseOne(name);
    return () => {
      this.#wanted.set(name, (this.#wanted.get(name) ?? 0) - 1);
    };
  }

  /** Somebody waits for a connection to this backend: whoever has one and does not need it should give it up. */
  isWanted(backend: string): boolean {
    return (this.#wanted.get(backend) ?? 0) > 0;
  }

  #releaseOne(name: string): void {
    let victim: { readonly link: Link; readonly links: LinkHolder } | undefined;
    for (const links of this.#all()) {
      const link = links.get(name);
      if (link === undefined || link.busy || link.broken || link.role === "whole") continue;
      // One that owns a session is closed only when there is no other: Impala since 3.3 keeps the session, Hue opens a
      // new one otherwise.
      const better = victim === undefined || (link.role !== "owner" && victim.link.role === "owner");
      const older =
        victim !== undefined && link.role === victim.link.role && link.lastUse < victim.link.lastUse;
      if (better || older) victim = { link, links };
    }
    victim?.links.release(victim.link);
  }
}

function nothing(): void {
  // There was room.
}
