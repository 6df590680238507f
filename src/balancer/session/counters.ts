import { WHOLE_SERVICES } from "../../messages/routing.ts";
import type { RoutingCounts } from "../stats/stats.ts";
import type { SessionEvent } from "./events.ts";
import { TRANSPORTS } from "./transports/transports.ts";

/** What has happened since the start, for the metrics. */
export class Counters implements RoutingCounts {
  calls = 0;
  sessionsOpened = 0;
  ownersLost = 0;
  handlesAsked = 0;
  handlesFound = 0;
  handlesRemembered = 0;
  asksUnanswered = 0;
  searchesDelayed = 0;
  notUnderstood = 0;
  linksClosed = 0;
  /** By transport, and by service. */
  readonly fallbacks: Record<string, number>;
  readonly #onEvent: (event: SessionEvent) => void;

  /** @param onEvent told of what an administrator may want to know */
  constructor(onEvent: (event: SessionEvent) => void) {
    this.#onEvent = onEvent;
    const names = [...TRANSPORTS.map(({ name }) => name), ...Object.keys(WHOLE_SERVICES)];
    this.fallbacks = Object.fromEntries(names.map((name) => [name, 0]));
  }

  /** A copy that does not change any more. */
  counts(): RoutingCounts {
    return {
      calls: this.calls,
      sessionsOpened: this.sessionsOpened,
      ownersLost: this.ownersLost,
      handlesAsked: this.handlesAsked,
      handlesFound: this.handlesFound,
      handlesRemembered: this.handlesRemembered,
      asksUnanswered: this.asksUnanswered,
      searchesDelayed: this.searchesDelayed,
      notUnderstood: this.notUnderstood,
      linksClosed: this.linksClosed,
      fallbacks: { ...this.fallbacks },
    };
  }

  #fellBack(name: string): void {
    this.fallbacks[name] = (this.fallbacks[name] ?? 0) + 1;
  }

  /** Counts an event, and tells of it. */
  tell(event: SessionEvent): void {
    switch (event.type) {
      case "fallback":
        this.#fellBack(event.transport);
        break;
      case "whole":
        this.#fellBack(event.service);
        break;
      case "not-understood":
        this.notUnderstood++;
        break;
      case "made-room":
        this.linksClosed++;
        break;
      case "owner-lost":
        this.ownersLost++;
        break;
      case "asked":
        if (event.backend !== undefined) this.handlesFound++;
    }
    this.#onEvent(event);
  }
}
