import { isIPv4, isIPv6 } from "node:net";
import type { Endpoint } from "../../../domain/endpoint.ts";

/** What the beginning of a connection from a proxy turned out to be. */
export type HeaderResult =
  /**
   * `client` is undefined where the proxy speaks for itself (LOCAL, UNKNOWN), or for something without an IP address;
   * `rest` came after it.
   */
  | { readonly kind: "header"; readonly client: Endpoint | undefined; readonly rest: Buffer }
  | { readonly kind: "fault"; readonly reason: string };

/** PROXY protocol specification, 2.1: the longest line with its CRLF. */
const LONGEST_LINE = 107;
const LINE_START = Buffer.from("PROXY ");
const SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n");
/** Signature, version and command, family and transport, length of the rest. */
const FIXED_BYTES = 16;
/** Addresses and extensions of version 2: nginx takes as much; 65,535 would be possible. */
const LONGEST_BODY = 4096;
const NOTHING = Buffer.alloc(0);

/**
 * Reads a PROXY protocol header, version 1 or 2 (haproxy.org, proxy-protocol.txt), from pieces of any size. Never
 * keeps more than a header's length, and refuses at the first byte that cannot belong to one.
 */
export class ProxyHeaderReader {
  #head: Buffer = NOTHING;

  /** @returns undefined while more bytes are needed; afterwards the reader is not used any more */
  push(chunk: Buffer): HeaderResult | undefined {
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const head = this.#head;
    if (head.length === 0) return undefined;
    if (begins(head, LINE_START)) return readLine(head);
    return begins(head, SIGNATURE) ? readBinary(head) : fault("this is no PROXY protocol header");
  }
}

/** True as long as the two agree, however short the first still is. */
function begins(head: Buffer, start: Buffer): boolean {
  const length = Math.min(head.length, start.length);
  return head.compare(start, 0, length, 0, length) === 0;
}

function fault(reason: string): HeaderResult {
  return { kind: "fault", reason };
}

/** Version 1: `PROXY TCP4 192.0.2.1 192.0.2.2 56324 10001\r\n`. */
function readLine(head: Buffer): HeaderResult | undefined {
  const end = head.indexOf("\r\n");
  if (end < 0 ? head.length >= LONGEST_LINE : end + 2 > LONGEST_LINE) {
    return fault(`no end of line within ${LONGEST_LINE} bytes`);
  }
  if (end < 0) return undefined;
  const rest = head.subarray(end + 2);
  const [protocol, ...words] = head.toString("latin1", LINE_START.length, end).split(" ");
  if (protocol === "UNKNOWN") return { kind: "header", client: undefined, rest };
  const isAddress = protocol === "TCP4" ? isIPv4 : protocol === "TCP6" ? isPlainIPv6 : undefined;
  if (isAddress === undefined) return fault("neither TCP4, TCP6 nor UNKNOWN");
  const [source = "", destination = "", sourcePort = "", destinationPort = ""] = words;
  if (words.length !== 4 || !isAddress(source) || !isAddress(destination)) return fault("bad addresses");
  if (!isPort(sourcePort) || !isPort(destinationPort)) return fault("bad ports");
  const host = protocol === "TCP4" ? source : canonical(source);
  return { kind: "header", client: { host, port: Number(sourcePort) }, rest };
}

/** Node takes a zone (`fe80::1%eth0`), which another host's header cannot mean. */
function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes("%");
}

function isPort(text: string): boolean {
  return /^(0|[1-9][0-9]{0,4})$/.test(text) && Number(text) <= 65_535;
}

/** Version 2, its addresses by family: bytes of one address. */
const ADDRESS_BYTES: Readonly<Record<number, number>> = { 17: 4, 33: 16 };

function readBinary(head: Buffer): HeaderResult | undefined {
  const [versionAndCommand, family] = head.subarray(SIGNATURE.length);
  if (versionAndCommand === undefined) return undefined;
  if (versionAndCommand >> 4 !== 2) return fault(`version ${versionAndCommand >> 4} instead of 2`);
  const command = versionAndCommand & 15;
  if (command > 1) return fault(`unknown command ${command}`);
  if (family === undefined) return undefined;
  if (family >> 4 > 3 || (family & 15) > 2) return fault(`unknown family 0x${family.toString(16)}`);
  if (head.length < FIXED_BYTES) return undefined;
  const length = head.readUInt16BE(FIXED_BYTES - 2);
  if (length > LONGEST_BODY) return fault(`${length} bytes are more than ${LONGEST_BODY}`);
  const addressBytes = command === 1 ? ADDRESS_BYTES[family] : undefined;
  if (addressBytes !== undefined && length < 2 * addressBytes + 4)
    return fault("too short for its addresses");
  if (head.length < FIXED_BYTES + length) return undefined;
  const body = head.subarray(FIXED_BYTES, FIXED_BYTES + length);
  const rest = head.subarray(FIXED_BYTES + length);
  if (addressBytes === undefined) return { kind: "header", client: undefined, rest };
  if (!wholeExtensions(body.subarray(2 * addressBytes + 4))) return fault("an extension runs over its end");
  const host = addressBytes === 4 ? [...body.subarray(0, 4)].join(".") : ipv6(body.subarray(0, 16));
  return { kind: "header", client: { host, port: body.readUInt16BE(2 * addressBytes) }, rest };
}

/** Type (1 byte), length (2) and value, one after the other, up to the very end. */
function wholeExtensions(bytes: Buffer): boolean {
  let at = 0;
  while (at + 3 <= bytes.length) at += 3 + bytes.readUInt16BE(at + 1);
  return at === bytes.length;
}

function ipv6(bytes: Buffer): string {
  return canonical(
    Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16)).join(":"),
  );
}

/**
 * An IPv6 address in its one spelling (RFC 5952, which URL knows), so that a source is recognised; IPv4 in IPv6 as
 * IPv4.
 */
function canonical(address: string): string {
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(shortest);
  if (mapped === null) return shortest;
  const [high, low] = mapped.slice(1).map((group) => Number.parseInt(group, 16));
  return [high, low].flatMap((group = 0) => [group >> 8, group & 255]).join(".");
}
