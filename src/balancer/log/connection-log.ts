import type { Log } from "./log.ts";
import { type EndOfConnection, tcplogLine } from "./tcplog.ts";

/** HAProxy's letters for connections that the proxy itself has ended before it contacted a backend. */
const TURNED_AWAY: ReadonlySet<string> = new Set(["PC", "PR"]);

/** The log line of a connection that has ended, in HAProxy's tcplog format or as JSON. */
export function logEnd(log: Log, end: EndOfConnection): void {
  if (TURNED_AWAY.has(end.termination)) {
    logRefusal(log, { ...end, reason: end.reason ?? "" });
    return;
  }
  const fields = log.format === "json" ? { ...end, accepted: end.accepted.toISOString() } : undefined;
  log.info("connection-end", tcplogLine(end), fields);
}

export interface TurnedAway {
  readonly listener: string;
  readonly clientAddress: string;
  readonly clientPort: number;
  /** Milliseconds. */
  readonly totalTime: number;
  readonly termination: string;
  readonly reason: string;
}

/** A connection that was turned away: no backend was contacted. */
export function logRefusal(log: Log, refused: TurnedAway): void {
  const { listener, clientAddress: client, clientPort, totalTime, termination, reason } = refused;
  const message = `${client}:${clientPort} ${listener}/<NOSRV> -1/-1/${totalTime} 0 ${termination}: ${reason}`;
  log.info("connection-refused", message, { listener, client, termination, reason });
}
