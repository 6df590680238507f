import type { Refusal } from "./admission.ts";
import type { Guest } from "./host.ts";
import type { Log } from "./log.ts";
import { tcplogLine } from "./tcplog.ts";

const REFUSALS: Readonly<Record<Refusal, string>> = {
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
  const fields = log.format === "json" ? { ...end, accepted: end.accepted.toISOString() } : undefined;
  log.info("connection-end", tcplogLine(end), fields);
}

/** A connection that was turned away: no backend was contacted. */
export function logRefusal(log: Log, listener: string, client: string, port: number, refusal: Refusal): void {
  const message = `${client}:${port} ${listener}/<NOSRV> -1/-1/0 0 PC: ${REFUSALS[refusal]}`;
  log.info("connection-refused", message, { listener, client, termination: "PC", reason: refusal });
}
