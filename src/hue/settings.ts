import { isHost } from "../domain/endpoint.ts";
import { Failure } from "../domain/failure.ts";

/** What Hue is to be given in `[impala]`; a setting left out stays as it is. */
export interface ImpalaSettings {
  /** Name or address of the balancer as Hue reaches it; IPv6 without brackets. One host: Hue knows no list. */
  readonly serverHost?: string;
  /** TCP port, 1–65535. */
  readonly serverPort?: number;
  /** Seconds a Thrift call may take (and the longest wait for a pooled connection), at least 1. */
  readonly serverConnTimeout?: number;
}

/** The settings' names in ImpalaSettings and in hue.ini, in the order in which Hue's own template has them. */
export const SETTING_KEYS = [
  ["serverHost", "server_host"],
  ["serverPort", "server_port"],
  ["serverConnTimeout", "server_conn_timeout"],
] as const satisfies readonly (readonly [keyof ImpalaSettings, string])[];

/** A key of hue.ini and the text to write behind `=`. */
export type Assignment = readonly [key: string, value: string];

/** Python keeps a socket's timeout as nanoseconds in 64 bits. */
const LONGEST_TIMEOUT = 9_223_372_036;

/**
 * The settings as text for hue.ini. Nothing that ConfigObj would read differently gets through: no list, comment, quotes or
 * interpolation, so that no value ever needs quotes.
 * @throws Failure `settings`, codes `bad-server-host`, `bad-server-port`, `bad-server-conn-timeout`
 */
export function assignments(settings: ImpalaSettings): Assignment[] {
  const wanted: Assignment[] = [];
  const { serverHost, serverPort, serverConnTimeout } = settings;
  if (serverHost !== undefined) wanted.push(["server_host", checkedHost(serverHost)]);
  if (serverPort !== undefined) wanted.push(["server_port", checkedPort(serverPort)]);
  if (serverConnTimeout !== undefined) {
    wanted.push(["server_conn_timeout", checkedTimeout(serverConnTimeout)]);
  }
  return wanted;
}

function checkedHost(host: string): string {
  if (isHost(host)) return host;
  throw new Failure(
    "settings",
    "bad-server-host",
    `server_host ${JSON.stringify(host)} ${hostFault(host)}`,
    "give one host name or address, for example lb.example.com",
  );
}

/** Why ConfigObj or Hue would not take it for that one host. */
function hostFault(host: string): string {
  if (host === "") return "is empty";
  if (host.includes(",")) return "holds a comma: ConfigObj reads a list, and Hue knows no list of hosts";
  if (host.includes("#")) return "holds a #: ConfigObj reads the rest as a comment";
  if (host.includes('"') || host.includes("'")) return "holds a quote, which ConfigObj may take away";
  if (host.includes("%(")) return "holds %(, which ConfigObj replaces by another setting";
  if (host.startsWith("[")) return "has brackets, which Hue hands to the socket as they are: leave them out";
  if (/[\p{C}\p{Z}]/u.test(host)) return "holds a blank or a control character";
  return "is not a host name or address";
}

function checkedPort(port: number): string {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return String(port);
  throw new Failure(
    "settings",
    "bad-server-port",
    `server_port ${port} is not a port`,
    "give a whole number from 1 to 65535",
  );
}

function checkedTimeout(seconds: number): string {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_TIMEOUT) return String(seconds);
  const why =
    seconds === 0
      ? "would make Hue fail at once whenever all its pooled connections are busy"
      : "is not a number of seconds";
  throw new Failure(
    "settings",
    "bad-server-conn-timeout",
    `server_conn_timeout ${seconds} ${why}`,
    "give a whole number of seconds from 1 up, for example 3600",
  );
}
