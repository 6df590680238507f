import type { BackendView, ConnectFault, RoutedClient } from "../contract.ts";
import type { Link, LinkUser } from "../links/link.ts";
import type { Links } from "../links/links.ts";
import type { RouterParts } from "../parts.ts";
import type { Call } from "./call.ts";
import { anyone, connected } from "./candidates.ts";
import { Finder, type FinderParts } from "./finder.ts";
import type { Route } from "./route.ts";

/** Why a call cannot be brought to anybody, and its connection ends: HAProxy's two letters, and words. */
export class NoRoute extends Error {
  readonly termination: string;

  constructor(termination: string, reason: string) {
    super(reason);
    this.termination = termination;
  }
}

export type DispatcherParts = FinderParts & Pick<RouterParts, "table" | "load" | "counters">;

/** Brings the calls of one client connection to a backend: the owner, one for a new session, or any. */
export class Dispatcher {
  readonly #client: RoutedClient;
  readonly #parts: DispatcherParts;
  readonly #links: Links;
  readonly #user: LinkUser;
  readonly #finder: Finder;

  /** @param user of the links that are opened for the calls */
  constructor(client: RoutedClient, parts: DispatcherParts, links: Links, user: LinkUser) {
    this.#client = client;
    this.#parts = parts;
    this.#links = links;
    this.#user = user;
    this.#finder = new Finder(client, parts, links, user);
  }

  /**
   * The link that the call may be sent over: at once where it is there already, as for nearly every call.
   * @throws NoRoute
   */
  linkFor(call: Call, route: Route): Link | Promise<Link> {
    switch (route.kind) {
      case "owner":
        return this.#toOwner(call, route.owner.backend);
      case "open":
        return this.#connect(call, (tried) => this.#forSession(call, tried));
      case "whole":
        return this.#connect(call, (tried) => this.#loggedIn(tried) ?? this.#forSession(call, tried));
      case "ask":
        return this.#ask(call);
      case "gone":
        this.#parts.counters.handlesRemembered++;
        return this.#refused(call, route.backend);
      case "any":
        return this.#toAny(call);
    }
  }

  /** Time has passed. */
  tick(): void {
    this.#finder.tick();
  }

  /**
   * The call is over: gives back the place that is reserved for the session which it opens, and looks for nobody any
   * more.
   */
  release(call: Call): void {
    this.#finder.stop();
    this.#unreserve(call);
  }

  #unreserve(call: Call): void {
    if (call.reserved !== undefined) this.#parts.load.reserve(call.reserved, -1);
    call.reserved = undefined;
  }

  #toOwner(call: Call, owner: string): Link | Promise<Link> {
    if (!this.#client.backends().some((each) => each.name === owner && each.reachable)) {
      return this.#ownerLost(call, owner);
    }
    return this.#links.free(owner) ?? this.#connectOwner(call, owner);
  }

  async #connectOwner(call: Call, owner: string): Promise<Link> {
    try {
      return await this.#links.ready(owner, this.#user);
    } catch (error) {
      const fault = error as ConnectFault;
      if (call.over || fault.reason === "local") throw new NoRoute("RC", fault.message);
      if (fault.reason === "queue-timeout") throw new NoRoute("sQ", fault.message);
      return this.#ownerLost(call, owner);
    }
  }

  /** Any living backend will refuse the handle in Impala's own words, and the client opens a new session. */
  #ownerLost(call: Call, backend: string): Promise<Link> {
    this.#parts.table.lose(backend);
    this.#parts.counters.tell({ type: "owner-lost", source: this.#client.source, backend });
    return this.#toAny(call, backend);
  }

  async #ask(call: Call): Promise<Link> {
    const found = await this.#finder.find(call);
    if (found === undefined) return this.#toAny(call);
    if (found.owner !== undefined) return this.#toOwner(call, found.owner);
    if (found.refuser !== undefined) return this.#refused(call, found.refuser);
    throw new NoRoute("SC", "no backend can be asked for the owner of a session");
  }

  /** Nobody knows the handle: the client is told so by a backend, in Impala's own words. */
  #refused(call: Call, refuser: string): Link | Promise<Link> {
    const backends = this.#client.backends();
    const first = backends.find((each) => each.name === refuser && each.reachable);
    if (first === undefined) return this.#toAny(call);
    const choose = (tried: ReadonlySet<string>) => (tried.has(refuser) ? this.#anyone(tried) : first);
    return this.#links.free(refuser) ?? this.#connect(call, choose);
  }

  #toAny(call: Call, except?: string): Promise<Link> {
    return this.#connect(call, (tried) => this.#anyone(tried), except);
  }

  #anyone(tried: ReadonlySet<string>): BackendView | undefined {
    return anyone(this.#client.backends(), this.#links, this.#parts.load, tried);
  }

  /** Connects to what `choose` says until that works or it has nothing more to say. */
  async #connect(
    call: Call,
    choose: (tried: ReadonlySet<string>) => BackendView | undefined,
    except?: string,
  ): Promise<Link> {
    const tried = new Set(except === undefined ? [] : [except]);
    let last: ConnectFault | undefined;
    for (;;) {
      const backend = choose(tried);
      if (backend === undefined) {
        throw new NoRoute(terminationOf(last), last?.message ?? "no backend is usable");
      }
      try {
        return await this.#links.ready(backend.name, this.#user);
      } catch (error) {
        last = error as ConnectFault;
        if (call.over || last.reason === "local") throw new NoRoute("RC", last.message);
        // It has waited for as long as it may.
        if (last.reason === "queue-timeout") throw new NoRoute("sQ", last.message);
        tried.add(backend.name);
      }
    }
  }

  /** Who has judged the client's login, where it has one. */
  #loggedIn(tried: ReadonlySet<string>): BackendView | undefined {
    return connected(this.#client.backends(), this.#links, tried);
  }

  #forSession(call: Call, tried: ReadonlySet<string>): BackendView | undefined {
    const { load } = this.#parts;
    this.#unreserve(call);
    const backends = this.#client.backends();
    const backend = load.choose(backends, tried, this.#links.full(backends));
    if (backend === undefined) return undefined;
    call.reserved = backend.name;
    load.reserve(backend.name, 1);
    return backend;
  }
}

/** HAProxy's two letters for a connection that ends because no backend could be connected to. */
export function terminationOf(fault: ConnectFault | undefined): string {
  if (fault?.reason === "timeout") return "sC";
  return fault?.reason === "queue-timeout" ? "sQ" : "SC";
}
