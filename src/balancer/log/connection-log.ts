import type { Refusal } from "../front/accept/admission.ts";
import type { Guest } from "../front/context.ts";
import type { Log } from "./log.ts";
import { tcplogLine } from "./tcplog.ts";

/** For people: why a connection was turned away. */
export const REFUSALS: Readonly<Record<Refusal, string>> = {
  "not-allowed": "its address is not in the allow list",
  full: "the listener's connections are used up",
  "source-full": "the connections of one source are used up",
};

/** The log line of a connection that has ended, in HAProxy's tcplog format or as JSON. @param active connections of all listeners, this one included */
export function logEnd(log: Log, connection: Guest, active: number): void {
  if (!log.enabled("info")) return;
  const { listener, backend } = connection;
  const end = {
    listener: listener.spec.name,
    backend: backend?.name,
    clientAddress: connection.source,
    clientPort: connection.port,
    accepted: new Date(connection.acceptedAt),
    queueTime: Math.round(connection.queueTime),
    connectTime: Math.round(connection.connectTime),
    totalTime: Math.round(listener.clock() - connection.began),
    bytesToClient: connection.bytesToClient,
    bytesToBackend: connection.bytesToBackend,
    termination: connection.termination ?? "--",
    activeConnections: active,
    listenerConnections: listener.connections.size + 1,
    backendConnections: backend?.active ?? 0,
    retries: connection.retries,
    redispatched: connection.redispatched,
    backendQueue: connection.backendQueue,
    listenerQueue: connection.listenerQueue,
    reason: connection.reason,
  };
  if (TURNED_AWAY.has(end.termination)) {
    logRefusal(log, { ...end, reason: end.reason ?? "" });
    return;
  }
  const fields = log.format === "json" ? { ...end, accepted: end.accepted.toISOString() } : undefined;
  log.info("connection-end", tcplogLine(end), fields);
}

/** HAProxy's letters for connections that the proxy itself has ended before it contacted a backend. */
const TURNED_AWAY: ReadonlySet<string> = new Set(["PC", "PR"]);

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
