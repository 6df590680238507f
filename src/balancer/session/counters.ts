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
  readonly fallbacks: Record<string, number>;
  readonly #onEvent: (event: SessionEvent) => void;

  /** @param onEvent told of what an administrator may want to know */
  constructor(onEvent: (event: SessionEvent) => void) {
    this.#onEvent = onEvent;
    this.fallbacks = Object.fromEntries(TRANSPORTS.map(({ name }) => [name, 0]));
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
      fallbacks: { ...this.fallbacks },
    };
  }

  /** Counts an event, and tells of it. */
  tell(event: SessionEvent): void {
    switch (event.type) {
      case "fallback":
        this.fallbacks[event.transport] = (this.fallbacks[event.transport] ?? 0) + 1;
        break;
      case "not-understood":
        this.notUnderstood++;
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
