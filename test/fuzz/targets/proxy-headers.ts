import assert from "node:assert/strict";
import { type HeaderResult, ProxyHeaderReader } from "../../../src/balancer/front/accept/proxy-header.ts";
import { isHost } from "../../../src/domain/endpoint.ts";
import type { Target } from "../target.ts";

const SIGNATURE = Buffer.from("\r\n\r\n\0\r\nQUIT\n");

function binary(rest: string): Buffer {
  return Buffer.concat([SIGNATURE, Buffer.from(rest, "hex")]);
}

/** What the pieces are read as; what comes behind the header is put together again. */
function read(pieces: readonly Buffer[]): HeaderResult | undefined {
  const reader = new ProxyHeaderReader();
  for (const [index, piece] of pieces.entries()) {
    const result = reader.push(piece);
    if (result?.kind === "header") {
      return { ...result, rest: Buffer.concat([result.rest, ...pieces.slice(index + 1)]) };
    }
    if (result !== undefined) return result;
  }
  return undefined;
}

/** However a header is cut, it means the same; what follows it is left as it came. */
export const proxyHeaders: Target = {
  name: "proxy-headers",
  seeds: () => [
    Buffer.from("PROXY TCP4 192.0.2.1 192.0.2.2 56324 10001\r\n\x80\x01"),
    Buffer.from("PROXY TCP6 2001:db8::1 ::ffff:192.0.2.2 56324 10001\r\n"),
    Buffer.from("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\nwho\n"),
    binary("2111000cc0000201c0000202dc042711"),
    binary("2121002420010db8000000000000000000000001fe80000000000000000000000000000112342711"),
    binary("20000000"),
    binary("21110013c0000201c0000202dc0427110400040000000077686f"),
  ],
  words: [
    "PROXY ",
    "TCP4 ",
    "TCP6 ",
    "UNKNOWN",
    "\r\n",
    " 65535",
    "::ffff:",
    SIGNATURE,
    Buffer.from("2111000c", "hex"),
  ],
  run: (bytes, random) => {
    const whole = read([bytes]);
    for (const pieces of [random.pieces(bytes), Array.from(bytes, (byte) => Buffer.of(byte))]) {
      assert.deepEqual(read(pieces), whole);
    }
    if (whole === undefined) {
      assert(bytes.length < 16 + 4096, "a header without end is waited for");
      return "waits";
    }
    if (whole.kind === "fault") return whole.reason.replace(/\d+/g, "N");
    assert(bytes.subarray(bytes.length - whole.rest.length).equals(whole.rest));
    const { client } = whole;
    assert(client === undefined || (isHost(client.host) && client.port >= 0 && client.port <= 65_535));
    return `${client?.host.includes(":")} ${whole.rest.length > 0} ${bytes[0]}`;
  },
};
