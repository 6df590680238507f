import { Ask, type AskHost } from "./ask.ts";
import type { Call, Route } from "./call.ts";
import type { BackendView, ConnectFault, RoutedClient } from "./contract.ts";
import { anyone, askOrder, terminationOf } from "./last-resort.ts";
import type { Link, LinkOwner } from "./link.ts";
import type { Links } from "./links.ts";
import type { RouterServices } from "./services.ts";

/** Milliseconds without an answer after which the next backend is asked too. */
const PATIENCE = 1000;

/** Whose calls are dispatched; owns the links that are opened for them. */
export interface DispatchHost extends LinkOwner {
  /** False when the call is over: its client has gone. */
  isPresent(call: Call): boolean;
  /** The call may be sent over this link. */
  go(call: Call, link: Link): void;
  /** A backend has been asked with the whole call, and knows its handle: `held` is its reply so far. */
  answered(link: Link, held: readonly Buffer[]): void;
  /** Every backend has been asked, and none knows the handle: the last one's own words. */
  refused(refusal: Buffer): void;
  /** Nobody can be connected to: ends the client connection. */
  finish(termination: string, reason: string): void;
}

/** Brings the calls of one client connection to a backend: the owner, one for a new session, any, or the one that is found by asking. */
export class Dispatcher implements AskHost {
  readonly #client: RoutedClient;
  readonly #services: RouterServices;
  readonly #links: Links;
  readonly #host: DispatchHost;

  constructor(client: RoutedClient, services: RouterServices, links: Links, host: DispatchHost) {
    this.#client = client;
    this.#services = services;
    this.#links = links;
    this.#host = host;
  }

  dispatch(call: Call, route: Route): void {
    switch (route.kind) {
      case "owner":
        this.#toOwner(call, route.owner.backend);
        return;
      case "open":
        this.#attempt(call, (tried) => this.#forSession(call, tried), new Set());
        return;
      case "any":
        this.#toAny(call);
        return;
      case "ask":
        this.#askAround(call);
    }
  }

  /** Gives back the place that is reserved for the session which the call opens. */
  release(call: Call): void {
    if (call.reserved !== undefined) this.#services.reserve(call.reserved, -1);
    call.reserved = undefined;
  }

  #toOwner(call: Call, backend: string): void {
    if (!this.#client.backends().some((each) => each.name === backend && each.reachable)) {
      this.#ownerLost(call, backend);
      return;
    }
    // At once, without a turn of the event loop: nearly every call goes this way.
    const open = this.#open(backend);
    if (open !== undefined) {
      this.#host.go(call, open);
      return;
    }
    this.link(backend).then(
      (link) => this.#host.go(call, link),
      (fault: ConnectFault) => {
        if (!this.#host.isPresent(call)) return;
        if (fault.reason === "local") this.#host.finish("RC", fault.message);
        else if (fault.reason === "queue-timeout") this.#host.finish("sQ", fault.message);
        else this.#ownerLost(call, backend);
      },
    );
  }

  /** Any living backend will refuse the handle in Impala's own words, and the client opens a new session. */
  #ownerLost(call: Call, backend: string): void {
    this.#services.counters.ownersLost++;
    this.#services.table.lose(backend);
    this.#services.onEvent({ type: "owner-lost", source: this.#client.source, backend });
    this.#toAny(call, backend);
  }

  #toAny(call: Call, except?: string): void {
    this.#attempt(
      call,
      (tried) => anyone(this.#client.backends(), this.#links, this.#services, tried),
      new Set(except === undefined ? [] : [except]),
    );
  }

  /** Connects to what `choose` says until that works or it has nothing more to say. */
  #attempt(
    call: Call,
    choose: (tried: ReadonlySet<string>) => BackendView | undefined,
    tried: Set<string>,
    last?: ConnectFault,
  ): void {
    const backend = choose(tried);
    if (backend === undefined) {
      this.#host.finish(terminationOf(last), last?.message ?? "no backend is usable");
      return;
    }
    this.link(backend.name).then(
      (link) => this.#host.go(call, link),
      (fault: ConnectFault) => {
        if (!this.#host.isPresent(call)) return;
        if (fault.reason === "local") this.#host.finish("RC", fault.message);
        else this.#attempt(call, choose, tried.add(backend.name), fault);
      },
    );
  }

  #forSession(call: Call, tried: ReadonlySet<string>): BackendView | undefined {
    this.release(call);
    const backend = this.#services.choose(this.#client.backends(), tried);
    if (backend === undefined) return undefined;
    call.reserved = backend.name;
    this.#services.reserve(backend.name, 1);
    return backend;
  }

  #askAround(call: Call): void {
    const candidates = askOrder(this.#client.backends(), this.#links);
    this.#services.counters.handlesAsked++;
    call.ask = new Ask(this, call.held, candidates, PATIENCE);
    call.ask.start();
  }

  answered(link: Link, held: readonly Buffer[]): void {
    this.#services.counters.handlesFound++;
    this.#services.onEvent({ type: "asked", source: this.#client.source, backend: link.backend });
    this.#host.answered(link, held);
  }

  unanswered(refusal: Buffer | undefined): void {
    this.#services.onEvent({ type: "asked", source: this.#client.source, backend: undefined });
    if (refusal === undefined) this.#host.finish("SC", "no backend can be asked for the owner of a session");
    else this.#host.refused(refusal);
  }

  link(backend: string): Promise<Link> {
    const open = this.#open(backend);
    if (open !== undefined) return Promise.resolve(open);
    const done = this.#services.makeRoom(this.#client.backends().find((each) => each.name === backend));
    return this.#links.ready(backend, this.#host).finally(done);
  }

  /** The link to a backend, if it can take a call now. */
  #open(backend: string): Link | undefined {
    const link = this.#links.get(backend);
    return link === undefined || link.broken || link.busy ? undefined : link;
  }
}
