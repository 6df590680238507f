import { expect, test } from "vitest";
import { readKeytab } from "../../../../src/balancer/wire/kerberos/keytab.ts";

function counted(text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function entry(parts: string[], short: number, long?: number): Buffer {
  const name = Buffer.concat([Buffer.from([0, parts.length]), counted("EXAMPLE.COM"), ...parts.map(counted)]);
  const key = Buffer.concat([Buffer.alloc(8), Buffer.from([short, 0, 18]), counted(Buffer.alloc(32, 9))]);
  const version = Buffer.alloc(long === undefined ? 0 : 4);
  if (long !== undefined) version.writeUInt32BE(long);
  const body = Buffer.concat([name, key, version]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

const VERSION = Buffer.from([5, 2]);
const HOLE = Buffer.from("fffffff8000000000000ffff", "hex");
const good = Buffer.concat([VERSION, entry(["hue", "localhost"], 3), HOLE, entry(["alice"], 44, 300)]);

test("names and key versions are read, holes skipped", () => {
  expect(readKeytab(good)).toEqual([
    { name: "hue/localhost@EXAMPLE.COM", keyVersion: 3 },
    { name: "alice@EXAMPLE.COM", keyVersion: 300 },
  ]);
});

test.each([
  ["notKeytab", Buffer.alloc(0)],
  ["notKeytab", Buffer.from([5, 1, 0, 0])],
  ["empty", VERSION],
  ["empty", Buffer.concat([VERSION, HOLE])],
  ["truncated", Buffer.concat([VERSION, Buffer.from([0, 0])])],
  ["truncated", good.subarray(0, -1)],
  ["malformed", Buffer.concat([VERSION, Buffer.from("0000000400020005", "hex")])],
  ["malformed", Buffer.concat([VERSION, Buffer.from("00000004ffff0000", "hex")])],
])("%s", (fault, bytes) => {
  expect(readKeytab(bytes)).toBe(fault);
});

test("every cut of a keytab is told or read, never thrown", () => {
  for (let end = 0; end < good.length; end++) expect(readKeytab(good.subarray(0, end))).toBeDefined();
});
