import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type HeaderResult, ProxyHeaderReader } from "../../../src/balancer/front/accept/proxy-header.ts";
import { SIGNATURE, version1, version2 } from "../support/proxy-headers.ts";

/** Feeds the pieces until there is a result; what comes after it belongs to the stream. */
function read(...pieces: (Buffer | string)[]): HeaderResult | undefined {
  const reader = new ProxyHeaderReader();
  for (const [index, piece] of pieces.entries()) {
    const result = reader.push(Buffer.from(piece));
    if (result?.kind === "fault") return result;
    if (result !== undefined) {
      const later = pieces.slice(index + 1).map((each) => Buffer.from(each));
      return { ...result, rest: Buffer.concat([result.rest, ...later]) };
    }
  }
  return undefined;
}

const client = (host: string, port: number) => ({ host, port });
const header = (from: unknown, rest = "") => ({ kind: "header", client: from, rest: Buffer.from(rest) });

describe("what is understood (R23)", () => {
  test.each([
    ["IPv4", "PROXY TCP4 192.0.2.1 192.0.2.2 56324 10001\r\n", client("192.0.2.1", 56_324)],
    ["IPv6", "PROXY TCP6 2001:DB8:0::1 ::1 0 65535\r\n", client("2001:db8::1", 0)],
    ["IPv4 in IPv6", "PROXY TCP6 ::ffff:192.0.2.1 ::1 7 8\r\n", client("192.0.2.1", 7)],
    ["a check of the proxy's own", "PROXY UNKNOWN\r\n", undefined],
    ["UNKNOWN with anything behind it", "PROXY UNKNOWN ffff::1 what ever 1 2\r\n", undefined],
  ])("version 1: %s", (_, line, expected) => {
    expect(read(`${line}rest`)).toEqual(header(expected, "rest"));
  });

  test.each([
    ["IPv4", version2({ host: "192.0.2.1", port: 1 }), client("192.0.2.1", 1)],
    ["IPv6", version2({ host: "2001:db8::ff", port: 65_535 }), client("2001:db8::ff", 65_535)],
    ["IPv4 in IPv6", version2({ host: "::ffff:10.1.2.3", port: 9 }), client("10.1.2.3", 9)],
    [
      "extensions",
      version2({ host: "192.0.2.1", port: 1 }, [
        [1, "h2"],
        [0x20, ""],
      ]),
      client("192.0.2.1", 1),
    ],
    ["LOCAL", Buffer.concat([SIGNATURE, Buffer.from([0x20, 0, 0, 0])]), undefined],
    ["LOCAL with addresses", Buffer.concat([SIGNATURE, Buffer.from([0x20, 0x11, 0, 1, 7])]), undefined],
    ["UDP", Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x12, 0, 0])]), undefined],
    ["a unix socket", Buffer.concat([SIGNATURE, Buffer.from([0x21, 0x31, 0, 2, 1, 2])]), undefined],
  ])("version 2: %s", (_, bytes, expected) => {
    expect(read(bytes, "rest")).toEqual(header(expected, "rest"));
  });
});

describe("what is refused (R23)", () => {
  const fixed = (...bytes: number[]): Buffer => Buffer.concat([SIGNATURE, Buffer.from(bytes)]);
  test.each<[string, Buffer | string, RegExp]>([
    ["something else", "GET / HTTP/1.0\r\n\r\n", /no PROXY protocol header/],
    ["Thrift", Buffer.from([0x80]), /no PROXY protocol header/],
    ["a wrong first letter", "p", /no PROXY protocol header/],
    ["a break in the signature", Buffer.from("\r\n\r\n\0\r\nQUIT\r"), /no PROXY protocol header/],
    ["a line without end", `PROXY ${"x".repeat(101)}`, /no end of line within 107 bytes/],
    ["a line that ends too late", `PROXY UNKNOWN ${"x".repeat(92)}\r\n`, /no end of line within 107 bytes/],
    ["another protocol", "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n", /neither TCP4, TCP6 nor UNKNOWN/],
    ["no address", "PROXY TCP4\r\n", /bad addresses/],
    ["a name", "PROXY TCP4 localhost 192.0.2.2 1 2\r\n", /bad addresses/],
    ["the other family", "PROXY TCP4 ::1 ::1 1 2\r\n", /bad addresses/],
    ["a zone", "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n", /bad addresses/],
    ["two spaces", "PROXY TCP4 192.0.2.1  192.0.2.2 1 2\r\n", /bad addresses/],
    ["a word too many", "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n", /bad addresses/],
    ["a port too large", "PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n", /bad ports/],
    ["leading zeros", "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", /bad ports/],
    ["no port", "PROXY TCP4 192.0.2.1 192.0.2.2 1 \r\n", /bad ports/],
    ["version 3", fixed(0x31), /version 3/],
    ["a command to come", fixed(0x22), /unknown command 2/],
    ["a family to come", fixed(0x21, 0x41), /unknown family 0x41/],
    ["a transport to come", fixed(0x21, 0x13), /unknown family 0x13/],
    ["oversized", fixed(0x21, 0x11, 0x10, 0x01), /4097 bytes are more than 4096/],
    ["too short for IPv4", fixed(0x21, 0x11, 0, 11), /too short for its addresses/],
    ["too short for IPv6", fixed(0x21, 0x21, 0, 35), /too short for its addresses/],
    ["half an extension", fixed(0x21, 0x11, 0, 14, ...Array<number>(14).fill(0)), /runs over its end/],
    [
      "an extension beyond the end",
      fixed(0x21, 0x11, 0, 15, ...Array<number>(12).fill(0), 1, 0, 1),
      /runs over its end/,
    ],
  ])("%s", (_, bytes, reason) => {
    expect(read(bytes)).toEqual({ kind: "fault", reason: expect.stringMatching(reason) });
  });
});

describe("general rules (R23)", () => {
  const ipv4 = fc.ipV4();
  const port = fc.integer({ min: 0, max: 65_535 });
  const extensions = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 255 }), fc.string({ unit: "binary-ascii", maxLength: 40 })),
    { maxLength: 5 },
  );
  const headers = fc.oneof(
    fc.tuple(ipv4, port).map(([host, p]) => ({ bytes: version1({ host, port: p }), host, port: p })),
    fc
      .tuple(ipv4, port, extensions)
      .map(([host, p, more]) => ({ bytes: version2({ host, port: p }, more), host, port: p })),
  );
  const rests = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

  test("wherever it is cut, the header is read and the rest is kept", () => {
    fc.assert(
      fc.property(
        headers,
        rests,
        fc.array(fc.nat(400), { maxLength: 6 }),
        ({ bytes, ...from }, rest, cuts) => {
          const whole = Buffer.concat([bytes, rest]);
          const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
          const pieces = places.slice(1).map((end, index) => whole.subarray(places[index], end));
          expect(read(...pieces)).toEqual({ kind: "header", client: client(from.host, from.port), rest });
        },
      ),
    );
  });

  test("byte by byte it is complete with its last byte, and never before", () => {
    fc.assert(
      fc.property(headers, ({ bytes }) => {
        const reader = new ProxyHeaderReader();
        const results = [...bytes].map((byte) => reader.push(Buffer.from([byte])));
        expect(results.slice(0, -1).every((each) => each === undefined)).toBe(true);
        expect(results.at(-1)?.kind).toBe("header");
      }),
    );
  });

  test("any bytes are a header, a fault, or too few: none is kept waiting beyond the longest header", () => {
    const starts = fc.constantFrom(
      Buffer.alloc(0),
      Buffer.from("PROXY "),
      Buffer.from("PROXY TCP4 "),
      SIGNATURE,
    );
    fc.assert(
      fc.property(starts, fc.uint8Array({ minLength: 4200, maxLength: 4300 }), (start, bytes) => {
        expect(["header", "fault"]).toContain(read(start, Buffer.from(bytes))?.kind);
      }),
      { numRuns: 300 },
    );
  });
});
