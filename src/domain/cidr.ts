import { BlockList, isIPv4, isIPv6 } from "node:net";
import { addressFailure } from "./address-failures.ts";

/** A network in CIDR notation, or a single address: `10.0.0.0/8`, `fd00::/8`, `192.0.2.7`. */
export interface Cidr {
  readonly address: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/** @throws Failure `settings`, code `bad-cidr` */
export function parseCidr(text: string): Cidr {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const family = isIPv4(address) ? "ipv4" : isIPv6(address) ? "ipv6" : undefined;
  const bits = family === "ipv4" ? 32 : 128;
  const prefixText = slash < 0 ? String(bits) : text.slice(slash + 1);
  const prefix = /^[0-9]{1,3}$/.test(prefixText) ? Number(prefixText) : Number.NaN;
  if (family === undefined || !(prefix <= bits)) {
    throw addressFailure("bad-cidr", { text });
  }
  return { address, prefix, family };
}

/**
 * The networks as a matcher for peer addresses; IPv4-mapped IPv6 peers match IPv4 networks (net.BlockList does that).
 */
export function cidrList(cidrs: readonly Cidr[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) list.addSubnet(cidr.address, cidr.prefix, cidr.family);
  return list;
}
