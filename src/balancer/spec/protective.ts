import { parseCidr } from "../../domain/cidr.ts";
import { isLoopback, parseEndpoint } from "../../domain/endpoint.ts";
import type { ListenerSpec } from "./listener.ts";
import type { TimeoutsSpec } from "./timeouts.ts";

/** Seconds. */
const FIRST_BYTE = 30;

/**
 * True where Hue is the only client: the listener is on loopback, or lets in single hosts only. Behind a proxy the
 * address that is bound says nothing about who comes.
 */
export function isForHueOnly({ bind, allow, proxyProtocol }: ListenerSpec): boolean {
  if (allow.length > 0) return allow.every(isSingleHost);
  return proxyProtocol === undefined && isLoopback(parseEndpoint(bind).host);
}

function isSingleHost(network: string): boolean {
  const { family, prefix } = parseCidr(network);
  return prefix === (family === "ipv6" ? 128 : 32);
}

/** A listener with the limits that its specification may leave out. */
export interface ProtectedListener extends ListenerSpec {
  readonly timeouts: TimeoutsSpec & { readonly firstByte: number };
  readonly maxConnectionsPerSource: number;
}

/**
 * Fills in the limits that keep one client from harming the others. Where Hue is the only client there are none: its
 * pool may keep connections that it has not used yet, and all places are its own.
 */
export function withProtection(listener: ListenerSpec): ProtectedListener {
  const alone = isForHueOnly(listener);
  const half = Math.max(1, Math.floor(listener.maxConnections / 2));
  const { timeouts, maxConnectionsPerSource = alone ? 0 : half } = listener;
  const firstByte = timeouts.firstByte ?? (alone ? 0 : FIRST_BYTE);
  return { ...listener, timeouts: { ...timeouts, firstByte }, maxConnectionsPerSource };
}
