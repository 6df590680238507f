import type { Text } from "../../domain/text.ts";
import { LISTENER_NOTES, WHOLE_SERVICES } from "../../messages/routing.ts";
import type { Kerberos } from "../gssapi/kerberos.ts";
import type { Log } from "../log/log.ts";
import type { SessionEvent } from "../session/events.ts";
import { SessionRouter } from "../session/router.ts";
import { transportOf } from "../session/transports/transports.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import type { RouterStats } from "../stats/stats.ts";

/** Different reasons of clients that are not routed, each told once. */
const MOST_NOTES = 100;

/** The session router of a listener, with what it tells turned into log lines. */
export function createRouter(
  spec: ListenerSpec,
  kerberos: Kerberos | undefined,
  log: Log,
  clock: () => number,
): SessionRouter {
  const said = new Set<string>();
  return new SessionRouter(
    { timeouts: spec.timeouts, kerberos, onEvent: (event) => logEvent(event, spec.name, log, said) },
    clock,
  );
}

function logEvent(event: SessionEvent, listener: string, log: Log, said: Set<string>): void {
  const fields = { listener, ...event };
  switch (event.type) {
    case "fallback": {
      // Once is enough: every connection of such a client would say the same.
      const level = said.has(event.note ?? event.transport) ? "debug" : "warning";
      if (said.size < MOST_NOTES) said.add(event.note ?? event.transport);
      log.line(
        level,
        "not-routed",
        `${listener}: ${event.note === undefined ? notRouted(event.transport).en : noteOf(event.note)} (${event.source})`,
        fields,
      );
      return;
    }
    case "login-refused":
      log.warning("login-refused", `${listener}: ${event.source}: ${event.reason}`, fields);
      return;
    case "login-failed":
      log.warning("login-failed", `${listener}: ${event.backend}: login failed: ${event.reason}`, fields);
      return;
    case "whole": {
      const level = said.has(event.service) ? "debug" : "warning";
      said.add(event.service);
      const why = `${notRouted(event.service).en} (${event.source}, ${event.backend})`;
      log.line(level, "not-routed", `${listener}: ${why}`, fields);
      return;
    }
    case "not-understood": {
      const from = event.backend ?? `client ${event.source}`;
      log.error("not-understood", `${listener}: ${event.reason} from ${from}: ${event.hex}`, fields);
      return;
    }
    case "made-room": {
      const of = event.owned
        ? "opened a session on, which the Impalad keeps"
        : "used without a session of its own";
      const why = `a connection to ${event.backend} that ${event.source} has ${of} is closed for another client`;
      log.line("info", "made-room", `${listener}: ${why}`, fields);
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

function noteOf(note: string): string {
  return `${note}: it is not routed by session, and its source keeps one backend`;
}

/** @param name of a transport, or of a service */
function notRouted(name: string): Text {
  const service = (WHOLE_SERVICES as Readonly<Record<string, Text>>)[name];
  return service === undefined
    ? LISTENER_NOTES.notRouted(transportOf(name).title)
    : LISTENER_NOTES.relayedWhole(service);
}

/** What connections could not be routed, and what that means. */
export function routingNotes(stats: RouterStats): Text[] {
  return Object.entries(stats.fallbacks).flatMap(([transport, count]) =>
    count > 0 ? [LISTENER_NOTES.times(count, notRouted(transport))] : [],
  );
}
