/** What is known of a connection when it ends. Times are milliseconds; -1: that point was not reached. */
export interface EndOfConnection {
  readonly listener: string;
  readonly backend: string | undefined;
  readonly clientAddress: string;
  readonly clientPort: number;
  /** Time of day when it was accepted. */
  readonly accepted: Date;
  readonly queueTime: number;
  readonly connectTime: number;
  readonly totalTime: number;
  readonly bytesToClient: number;
  readonly bytesToBackend: number;
  /** HAProxy's two letters: who ended it, and in which phase. */
  readonly termination: string;
  readonly activeConnections: number;
  readonly listenerConnections: number;
  readonly backendConnections: number;
  readonly retries: number;
  readonly redispatched: boolean;
  /** Connections that waited before it: for its backend, and for any. */
  readonly backendQueue: number;
  readonly listenerQueue: number;
  readonly reason: string | undefined;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * HAProxy's `option tcplog` line, so that existing log readers understand ours (HAProxy configuration manual, 8.2.2):
 * `%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq`
 */
export function tcplogLine(end: EndOfConnection): string {
  const counts = `${end.activeConnections}/${end.listenerConnections}/${end.listenerConnections}/${end.backendConnections}`;
  const retries = `${end.redispatched ? "+" : ""}${end.retries}`;
  return (
    `${end.clientAddress}:${end.clientPort} [${logDate(end.accepted)}] ${end.listener} ` +
    `${end.listener}/${end.backend ?? "<NOSRV>"} ${end.queueTime}/${end.connectTime}/${end.totalTime} ` +
    `${end.bytesToClient} ${end.termination} ${counts}/${retries} ${end.backendQueue}/${end.listenerQueue}`
  );
}

/** `22/Nov/2026:19:06:14.123`, local time, as HAProxy writes it. */
function logDate(date: Date): string {
  const day = `${two(date.getDate())}/${MONTHS[date.getMonth()] ?? ""}/${date.getFullYear()}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day}:${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
