import { isIPv4 } from "node:net";
import type { Endpoint } from "../../../src/domain/endpoint.ts";

/** How version 2 of the PROXY protocol begins. */
export const SIGNATURE: Buffer = Buffer.from([
  0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
]);

export function version1({ host, port }: Endpoint): Buffer {
  const family = isIPv4(host) ? "TCP4" : "TCP6";
  return Buffer.from(`PROXY ${family} ${host} ${host} ${port} 10001\r\n`);
}

/** @param extensions type and value of each */
export function version2(
  { host, port }: Endpoint,
  extensions: readonly (readonly [type: number, value: string])[] = [],
): Buffer {
  const address = isIPv4(host) ? Buffer.from(host.split(".").map(Number)) : ipv6(host);
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(port);
  const tail = extensions.map(([type, value]) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([type, bytes.length >> 8, bytes.length & 255]), bytes]);
  });
  const body = Buffer.concat([address, address, ports, ...tail]);
  const fixed = [0x21, isIPv4(host) ? 0x11 : 0x21, body.length >> 8, body.length & 255];
  return Buffer.concat([SIGNATURE, Buffer.from(fixed), body]);
}

/** One `::` at most, and perhaps IPv4 at the end. */
function ipv6(host: string): Buffer {
  const hex = host.replace(/[0-9.]+\.[0-9]+$/, (dotted) => {
    const [a = 0, b = 0, c = 0, d = 0] = dotted.split(".").map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
  const [left = "", right] = hex.split("::");
  const groups = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const before = groups(left);
  const after = groups(right ?? "");
  const bytes = Buffer.alloc(16);
  for (const [index, group] of before.entries()) bytes.writeUInt16BE(group, 2 * index);
  for (const [index, group] of after.entries()) bytes.writeUInt16BE(group, 16 - 2 * (after.length - index));
  return bytes;
}
