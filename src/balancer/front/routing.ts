import type { Text } from "../../domain/text.ts";
import { LISTENER_NOTES } from "../../messages/routing.ts";
import type { Log } from "../log/log.ts";
import type { SessionEvent } from "../session/events.ts";
import { SessionRouter } from "../session/router.ts";
import { transportOf } from "../session/transports/transports.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import type { RouterStats } from "../stats/stats.ts";

/** The session router of a listener, with what it tells turned into log lines. */
export function createRouter(spec: ListenerSpec, log: Log, clock: () => number): SessionRouter {
  const said = new Set<string>();
  return new SessionRouter(
    { timeouts: spec.timeouts, onEvent: (event) => logEvent(event, spec.name, log, said) },
    clock,
  );
}

function logEvent(event: SessionEvent, listener: string, log: Log, said: Set<string>): void {
  const fields = { listener, ...event };
  switch (event.type) {
    case "fallback": {
      // Once is enough: every connection of such a client would say the same.
      const level = said.has(event.transport) ? "debug" : "warning";
      said.add(event.transport);
      log.line(
        level,
        "not-routed",
        `${listener}: ${notRouted(event.transport).en} (${event.source})`,
        fields,
      );
      return;
    }
    case "not-understood": {
      const from = event.backend ?? `client ${event.source}`;
      log.error("not-understood", `${listener}: ${event.reason} from ${from}: ${event.hex}`, fields);
      return;
    }
    case "owner-lost":
      log.warning(
        "owner-lost",
        `${listener}: ${event.backend} is gone, and with it a session of ${event.source}`,
        fields,
      );
      return;
    case "asked":
      log.debug("asked", `${listener}: an unknown handle belongs to ${event.backend ?? "nobody"}`, fields);
  }
}

function notRouted(transport: string): Text {
  return LISTENER_NOTES.notRouted(transportOf(transport).title);
}

/** What connections could not be routed, and what that means. */
export function routingNotes(stats: RouterStats): Text[] {
  return Object.entries(stats.fallbacks).flatMap(([transport, count]) =>
    count > 0 ? [LISTENER_NOTES.times(count, notRouted(transport))] : [],
  );
}
