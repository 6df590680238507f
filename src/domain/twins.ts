import { isIP, isIPv6 } from "node:net";
import { type Endpoint, formatEndpoint } from "./endpoint.ts";

/** Two spellings of one Impalad: the one that stays, and the one that is left out. */
export interface Twin<T> {
  readonly kept: T;
  readonly dropped: T;
  /** The address that both have, where their names differ. */
  readonly address?: string;
}

/** What a name resolves to; nothing for one that does not. */
export type Addresses = ReadonlyMap<string, readonly string[]>;

const NO_ADDRESSES: Addresses = new Map();

/**
 * The same endpoint in the same words, however it is written: host names in lower case, IPv6 addresses in their short
 * form, the port always there.
 */
export function identityOf({ host, port }: Endpoint): string {
  return formatEndpoint({ host: hostIdentity(host), port });
}

/**
 * Each Impalad once, in the order given: the later one of two that are the same is left out. Of a name and an address
 * the name stays, since certificates and Kerberos principals hold names.
 * @param addresses of the names, where they were looked up: a name and one of its addresses are the same then, and so
 *   are a short name and the full one if they share an address; two other names never are
 */
export function withoutTwins<T>(
  items: readonly T[],
  endpointOf: (item: T) => Endpoint,
  addresses: Addresses = NO_ADDRESSES,
): { readonly items: T[]; readonly twins: Twin<T>[] } {
  const kept: T[] = [];
  const twins: Twin<T>[] = [];
  for (const item of items) {
    const at = kept.findIndex(
      (other) => sameImpalad(endpointOf(item), endpointOf(other), addresses) !== undefined,
    );
    const other = kept[at];
    if (other === undefined) {
      kept.push(item);
      continue;
    }
    const shared = sameImpalad(endpointOf(item), endpointOf(other), addresses);
    const named = isIP(endpointOf(other).host) !== 0 && isIP(endpointOf(item).host) === 0;
    if (named) kept[at] = item;
    twins.push({
      ...(named ? { kept: item, dropped: other } : { kept: other, dropped: item }),
      ...(shared === undefined || shared === "" ? {} : { address: shared }),
    });
  }
  return { items: kept, twins };
}

/** The names that must be looked up before twins can be told: all, where there are addresses or short names too. */
export function namesToLookUp(endpoints: readonly Endpoint[]): string[] {
  const hosts = [...new Set(endpoints.map(({ host }) => hostIdentity(host)))];
  const names = hosts.filter((host) => isIP(host) === 0);
  const mixed = names.length < hosts.length;
  return names.filter(
    (name) => mixed || names.some((other) => isShortOf(name, other) || isShortOf(other, name)),
  );
}

/** The address that makes them one Impalad, "" where their words do; undefined: they are two. */
function sameImpalad(a: Endpoint, b: Endpoint, addresses: Addresses): string | undefined {
  if (identityOf(a) === identityOf(b)) return "";
  if (a.port !== b.port) return undefined;
  const [one, other] = [hostIdentity(a.host), hostIdentity(b.host)];
  const comparable = isIP(one) !== 0 || isIP(other) !== 0 || isShortOf(one, other) || isShortOf(other, one);
  if (!comparable) return undefined;
  const known = (host: string): readonly string[] =>
    isIP(host) === 0 ? (addresses.get(host) ?? []).map(hostIdentity) : [host];
  return known(one).find((address) => known(other).includes(address));
}

function isShortOf(short: string, full: string): boolean {
  return isIP(full) === 0 && full.startsWith(`${short}.`);
}

function hostIdentity(host: string): string {
  const lower = host.toLowerCase();
  return isIPv6(lower) && !lower.includes("%") ? new URL(`http://[${lower}]`).hostname.slice(1, -1) : lower;
}
