import { isIPv4, isIPv6 } from "node:net";
import { addressFailure, BAD_ADDRESS } from "./address-failures.ts";

/** A TCP address: host name, IPv4 or IPv6 address (without brackets) and port 0–65535 (0: the system chooses). */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HOST:PORT`, `[IPV6]:PORT` or, with a default port, a bare `HOST`, `[IPV6]` or IPv6 address.
 * @throws Failure `settings`, code `bad-endpoint`
 */
export function parseEndpoint(text: string, defaultPort?: number): Endpoint {
  const { host, port } = split(text.trim());
  if (!isHost(host)) {
    throw addressFailure("bad-endpoint", { text, why: BAD_ADDRESS.host(host) });
  }
  if (port === undefined) {
    if (defaultPort === undefined) throw addressFailure("bad-endpoint", { text, why: BAD_ADDRESS.noPort });
    return { host, port: defaultPort };
  }
  return { host, port: parsePort(port, text) };
}

/** `host:port`, an IPv6 address in brackets. The inverse of {@link parseEndpoint}. */
export function formatEndpoint(endpoint: Endpoint): string {
  const host = isIPv6(endpoint.host) ? `[${endpoint.host}]` : endpoint.host;
  return `${host}:${endpoint.port}`;
}

/** True for a DNS name (letters, digits, `-`, `_`, dots; at most 253 characters), an IPv4 or an IPv6 address. */
export function isHost(text: string): boolean {
  if (isIPv6(text)) return true;
  if (text.length === 0 || text.length > 253) return false;
  return text.split(".").every((label) => /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label));
}

/** True for the addresses that mean every address of the host: `0.0.0.0`, and `::` in any spelling. */
export function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || (isIPv6(host) && /^[0:]+$/.test(host));
}

/** True for addresses and names that only programs of this host reach. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}

function split(text: string): { host: string; port?: string } {
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    const rest = text.slice(end + 1);
    if (end < 0 || (rest !== "" && !rest.startsWith(":"))) return { host: text };
    const host = text.slice(1, end);
    return rest === "" ? { host } : { host, port: rest.slice(1) };
  }
  if (isIPv6(text)) return { host: text };
  const colon = text.lastIndexOf(":");
  return colon < 0 ? { host: text } : { host: text.slice(0, colon), port: text.slice(colon + 1) };
}

function parsePort(port: string, whole: string): number {
  const value = /^[0-9]{1,5}$/.test(port) ? Number(port) : Number.NaN;
  if (!(value <= 65535)) throw addressFailure("bad-endpoint", { text: whole, why: BAD_ADDRESS.port(port) });
  return value;
}
