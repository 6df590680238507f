import { questionAbout } from "../../wire/hiveserver2/handles.ts";
import { NAMES_OPERATION } from "../../wire/hiveserver2/tcli-service.ts";
import type { RoutedClient } from "../contract.ts";
import type { LinkUser } from "../links/link.ts";
import type { Links } from "../links/links.ts";
import { UNKNOWN_FOR } from "../load/gone-handles.ts";
import type { RouterParts } from "../parts.ts";
import type { Call } from "./call.ts";
import { askOrder } from "./candidates.ts";
import { type Found, Search } from "./search.ts";
import type { Purse, Turn } from "./search-budget.ts";

export type FinderParts = Pick<RouterParts, "clock" | "counters" | "gone" | "searches" | "settings">;

/**
 * Looks for the owners of handles that the table does not know, for the calls of one client connection: one search at a
 * time.
 */
export class Finder {
  readonly #client: RoutedClient;
  readonly #parts: FinderParts;
  readonly #links: Links;
  readonly #user: LinkUser;
  readonly #purse: Purse;
  #turn: Turn | undefined;
  #search: Search | undefined;

  /** @param user of the links, when they are not asked */
  constructor(client: RoutedClient, parts: FinderParts, links: Links, user: LinkUser) {
    this.#client = client;
    this.#parts = parts;
    this.#links = links;
    this.#user = user;
    this.#purse = parts.searches.purse();
  }

  /**
   * Waits for the client's turn, and asks.
   * @returns undefined when there is nothing to ask with; it never settles when {@link stop} comes first
   */
  async find(call: Call): Promise<Found | undefined> {
    const { counters, searches, gone, clock } = this.#parts;
    const about = handleOf(call);
    const question = questionAbout(Buffer.concat(call.held), about.key, about.kind);
    if (question === undefined) return undefined;
    counters.handlesAsked++;
    const found = await new Promise<Found>((resolve) => {
      this.#turn = searches.turn(this.#purse, () => void this.#run(question).then(resolve));
      if (this.#turn.waiting) counters.searchesDelayed++;
    });
    this.stop();
    counters.asksUnanswered += found.silent;
    counters.tell({ type: "asked", source: this.#client.source, backend: found.owner });
    if (found.owner === undefined && found.refuser !== undefined) {
      gone.remember(about.key, found.refuser, clock.now(), UNKNOWN_FOR);
    }
    return found;
  }

  #run(question: Buffer): Promise<Found> {
    this.#search = new Search(this.#links, {
      question: this.#links.framing.wrap(question),
      candidates: askOrder(this.#client.backends(), this.#links),
      patience: this.#parts.settings.timeouts.ask * 1000,
      after: this.#user,
    });
    return this.#search.run();
  }

  /** Backends may have gone down. */
  tick(): void {
    if (this.#search === undefined) return;
    const reachable = this.#client.backends().filter((each) => each.reachable);
    this.#search.tick(new Set(reachable.map((each) => each.name)));
  }

  /** The search is over, or the client has gone. */
  stop(): void {
    this.#search?.stop();
    this.#search = undefined;
    this.#turn?.end();
    this.#turn = undefined;
  }
}

/** The handle to ask about: rather the session, which outlives its operations, where a call names both. */
function handleOf({ method, handles: [first = "", second] }: Call): {
  readonly key: string;
  readonly kind: "session" | "operation";
} {
  if (second !== undefined) return { key: second, kind: "session" };
  return { key: first, kind: NAMES_OPERATION.has(method) ? "operation" : "session" };
}
