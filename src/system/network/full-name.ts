import { lookup, lookupService } from "node:dns/promises";

/** A host as tickets and certificates name it. */
export interface FullName {
  readonly name: string;
  /** Where the name leads, as this host resolves it; absent: it does not resolve here. */
  readonly address?: string;
}

/** Where a name leads, and what the address is called in turn; absent where there is no answer. */
export interface BothWays {
  readonly address?: string;
  readonly reverse?: string;
}

/** Looks a name up, and the address that it leads to. */
export async function bothWays(host: string): Promise<BothWays> {
  const found = await lookup(host).catch(() => undefined);
  if (found === undefined) return {};
  const { address } = found;
  const named = await lookupService(address, 0).catch(() => undefined);
  // Without an answer the address itself comes back.
  return named === undefined || named.hostname === address
    ? { address }
    : { address, reverse: named.hostname };
}

/**
 * The full name of this host, found as Python's `socket.getfqdn()` does, which Hue's own defaults are made with: the
 * first name with a dot among what the short name and its address resolve to, else the name as it is.
 */
export async function fullName(hostName: string): Promise<FullName> {
  const found = await lookup(hostName).catch(() => undefined);
  if (found === undefined) return { name: hostName };
  const { address } = found;
  if (hostName.includes(".")) return { name: hostName, address };
  const named = await lookupService(address, 0).catch(() => undefined);
  const isFull = named?.hostname.includes(".") === true && !named.hostname.startsWith("localhost");
  return { name: isFull ? named.hostname : hostName, address };
}
