import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MessageScanner } from "../../../src/balancer/wire/hiveserver2/scanner.ts";
import { encode, message, readWithThrift, type Value } from "../session/support/generated.ts";
import { encodeCall, encodeReply, GUID, OPERATION, SESSION } from "../session/support/messages.ts";

function scan(bytes: Buffer, scanner = new MessageScanner()): MessageScanner {
  scanner.push(bytes, 0, bytes.length);
  return scanner;
}

/** What a scan found, for comparison. */
function facts(scanner: MessageScanner) {
  const { done, fault, size, type, method, handles, statusCode, errorMessage } = scanner;
  return { done, fault, size, type, method, handles, statusCode, errorMessage };
}

const IN_A_BATCH = 10;
/** For each of hundreds of mutants, fewer will do. */
const BATCHES = process.env["STRYKER_MUTATOR_WORKER"] === undefined ? 2_000 : 50;

describe("the scanner against npm thrift's TBinaryProtocol", () => {
  test(`agrees on ${IN_A_BATCH * BATCHES} generated messages, fed byte by byte, one behind the other`, () => {
    const scanner = new MessageScanner();
    fc.assert(
      fc.property(fc.array(message, { minLength: IN_A_BATCH, maxLength: IN_A_BATCH }), (messages) => {
        const encoded = messages.map(encode);
        const stream = Buffer.concat(encoded);
        let at = 0;
        for (const bytes of encoded) {
          scanner.reset();
          const end = at + bytes.length;
          for (; at < end; at++) {
            if (scanner.done || scanner.push(stream, at, at + 1) !== at + 1) {
              throw new Error(`stopped at ${at}: ${scanner.fault}`);
            }
          }
          const expected = readWithThrift(bytes);
          // assert, as 20,000 expect() would take longer than all the rest.
          deepStrictEqual(
            { ...facts(scanner), errorMessage: "" },
            {
              ...expected,
              method: Buffer.from(expected.method).toString("latin1"),
              done: true,
              fault: undefined,
              size: bytes.length,
              errorMessage: "",
            },
          );
        }
      }),
      { numRuns: BATCHES },
    );
  });

  test("finds the same however a stream is cut", () => {
    fc.assert(
      fc.property(message, fc.array(fc.nat(200)), (each, cuts) => {
        const bytes = encode(each);
        const stream = Buffer.concat([bytes, bytes]);
        const whole = new MessageScanner();
        expect(whole.push(stream, 0, stream.length)).toBe(bytes.length);
        const pieces = new MessageScanner();
        const ends = [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), stream.length];
        let at = 0;
        for (const end of ends) at = pieces.push(stream, at, end);
        expect(at).toBe(bytes.length);
        expect(facts(pieces)).toEqual(facts(whole));
      }),
      { numRuns: BATCHES },
    );
  });

  test("never throws and never reads past the end, whatever the bytes", () => {
    const scanner = new MessageScanner();
    const start = fc.constantFrom(Buffer.alloc(0), encodeCall("CloseSession", { sessionHandle: SESSION }));
    fc.assert(
      fc.property(start, fc.nat(80), fc.uint8Array({ maxLength: 200 }), (head, cut, tail) => {
        const bytes = Buffer.concat([head.subarray(0, cut), tail]);
        scanner.reset();
        const stopped = scanner.push(bytes, 0, bytes.length);
        expect(stopped).toBeLessThanOrEqual(bytes.length);
        expect(scanner.done || scanner.fault !== undefined || stopped === bytes.length).toBe(true);
      }),
      { numRuns: BATCHES * 2 },
    );
  });
});

describe("the scanner on HiveServer2's messages", () => {
  test("finds the session that a call names", () => {
    const found = scan(encodeCall("ExecuteStatement", { sessionHandle: SESSION, statement: "select 1" }));
    expect(facts(found)).toMatchObject({
      method: "ExecuteStatement",
      handles: [GUID.toString("latin1")],
      done: true,
    });
  });

  test("finds operation and session of a call that names both, and no more than four handles", () => {
    const ids = Array.from({ length: 6 }, (_, i) => Buffer.alloc(16, i + 1));
    const strings = (guid: Buffer) => [
      { id: 1, value: { t: "string" as const, v: guid } },
      { id: 2, value: { t: "string" as const, v: Buffer.alloc(16) } },
    ];
    const fields = ids.map((guid, i) => ({ id: i + 1, value: { t: "struct" as const, v: strings(guid) } }));
    const bytes = encode({
      method: "GetRuntimeProfile",
      type: 1,
      seqid: 0,
      body: { t: "struct", v: fields },
    });
    expect(scan(bytes).handles).toEqual(ids.slice(0, 4).map((id) => id.toString("latin1")));
  });

  test("does not take strings in lists, or of another length or number, for handles", () => {
    const pair = (first: number, second: number, length: number, secondId: number): Value => ({
      t: "struct",
      v: [
        { id: first, value: { t: "string", v: Buffer.alloc(length, 1) } },
        { id: secondId, value: { t: "string", v: Buffer.alloc(second, 1) } },
      ],
    });
    const values: Value[] = [
      { t: "list", of: pair(1, 16, 16, 2), v: [pair(1, 16, 16, 2)] },
      pair(1, 15, 16, 2),
      pair(1, 16, 17, 2),
      pair(3, 16, 16, 2),
      pair(1, 16, 16, 3),
    ];
    for (const value of values) {
      const bytes = encode({ method: "X", type: 1, seqid: 0, body: { t: "struct", v: [{ id: 1, value }] } });
      expect(scan(bytes)).toMatchObject({ handles: [], done: true });
    }
  });

  test("reads the status of a reply and knows when it is known", async () => {
    const status = { statusCode: 3, sqlState: "HY000", errorMessage: "Invalid session id: 1:2" };
    const bytes = await encodeReply("CloseSession", { sessionHandle: SESSION }, { status });
    const found = scan(bytes);
    expect(facts(found)).toMatchObject({
      statusCode: 3,
      errorMessage: "Invalid session id: 1:2",
      done: true,
    });
    const made = await encodeReply(
      "ExecuteStatement",
      { sessionHandle: SESSION, statement: "x" },
      { status: { statusCode: 0 }, operationHandle: OPERATION },
    );
    const scanner = new MessageScanner();
    const knownAt: number[] = [];
    for (let at = 0; at < made.length; at++) {
      scanner.push(made, at, at + 1);
      if (scanner.statusKnown) knownAt.push(at);
    }
    // Known with the response's next field, long before the end, and from then on.
    expect(knownAt.length).toBeGreaterThan(20);
    expect(knownAt.at(-1)).toBe(made.length - 1);
    expect(knownAt.length).toBe(made.length - (knownAt[0] ?? 0));
    expect(scanner.handles).toEqual([OPERATION.operationId.guid.toString("latin1")]);
  });

  test("takes the first information message where there is no error message, as HiveServer2 and Spark send it", async () => {
    const infoMessages = ["*org.apache.HiveSQLException:Invalid SessionHandle: 1:2", "second"];
    const request = { sessionHandle: SESSION };
    const only = await encodeReply("CloseSession", request, { status: { statusCode: 3, infoMessages } });
    expect(scan(only).errorMessage).toBe(infoMessages[0]);
    const both = { statusCode: 3, infoMessages, errorMessage: "the error" };
    expect(scan(await encodeReply("CloseSession", request, { status: both })).errorMessage).toBe("the error");
  });

  test("keeps only the beginning of a long error message", async () => {
    const status = { statusCode: 3, errorMessage: "x".repeat(100_000) };
    const found = scan(await encodeReply("CloseSession", { sessionHandle: SESSION }, { status }));
    expect(found).toMatchObject({ done: true, errorMessage: "x".repeat(200) });
  });

  test("does not read a status out of a call", () => {
    const status: Value = { t: "struct", v: [{ id: 1, value: { t: "i32", v: 3 } }] };
    const response: Value = { t: "struct", v: [{ id: 1, value: status }] };
    const body = { t: "struct" as const, v: [{ id: 0, value: response }] };
    expect(scan(encode({ method: "X", type: 1, seqid: 0, body })).statusCode).toBeUndefined();
    expect(scan(encode({ method: "X", type: 2, seqid: 0, body })).statusCode).toBe(3);
  });
});

/** A call's header and whatever follows. */
function hostile(hex: string): Buffer {
  return Buffer.from(`80010001 00000001 58 00000000 ${hex}`.replaceAll(" ", ""), "hex");
}

describe("the scanner and hostile bytes", () => {
  test.each([
    ["an old-style message", Buffer.from("0000000b4f70656e", "hex"), "not the start of a Thrift message"],
    ["another version", Buffer.from("80020001", "hex"), "not the start of a Thrift message"],
    ["message type 0", Buffer.from("80010000", "hex"), "not the start of a Thrift message"],
    ["message type 5", Buffer.from("80010005", "hex"), "not the start of a Thrift message"],
    [
      "a method name of no length",
      Buffer.from("8001000100000000", "hex"),
      "method name of impossible length",
    ],
    ["a negative name length", Buffer.from("80010001ffffffff", "hex"), "method name of impossible length"],
    [
      "a method name of 257 bytes",
      Buffer.from("8001000100000101", "hex"),
      "method name of impossible length",
    ],
    ["a negative string length", hostile("0b 0001 ffffffff"), "negative length"],
    ["a negative list count", hostile("0f 0001 0b 80000000"), "negative count"],
    ["a negative map count", hostile("0d 0001 0b 0b ffffffff"), "negative count"],
    ["an unknown field type", hostile("09 0001"), "unknown type 9"],
    ["the type void", hostile("01 0001"), "unknown type 1"],
    ["type 255", hostile("ff 0001"), "unknown type 255"],
    ["an unknown element type", hostile("0f 0001 09 00000001"), "unknown type 9"],
    ["structs 64 deep", hostile("0c0001".repeat(70)), "nested too deeply"],
    ["lists 64 deep", hostile(`0f0001${"0f00000001".repeat(70)}`), "nested too deeply"],
    ["maps 64 deep", hostile(`0d0001${"0d0d00000001".repeat(70)}`), "nested too deeply"],
  ])("%s is a fault", (_, bytes, fault) => {
    const scanner = scan(bytes);
    expect(scanner).toMatchObject({ fault, done: false });
    expect(scanner.push(bytes, 0, bytes.length)).toBe(0);
  });

  test("structs 63 deep are still accepted", () => {
    expect(scan(hostile("0c0001".repeat(63) + "00".repeat(64)))).toMatchObject({
      done: true,
      fault: undefined,
    });
  });

  test("a method name of 256 bytes is accepted", () => {
    const bytes = Buffer.concat([
      Buffer.from("8001000100000100", "hex"),
      Buffer.alloc(256, 65),
      Buffer.alloc(5),
    ]);
    expect(scan(bytes)).toMatchObject({ done: true, method: "A".repeat(256) });
  });

  test("huge claims cost no memory: 2 GB strings and lists are only waited for", () => {
    const before = process.memoryUsage().rss;
    for (const claim of [
      "0b 0001 7fffffff",
      "0f 0001 0a 7fffffff",
      "0f 0001 0b 7fffffff",
      "0d 0001 0b 0c 7fffffff",
    ]) {
      const scanner = scan(hostile(claim));
      const filler = Buffer.alloc(64 * 1024);
      for (let i = 0; i < 64; i++) scanner.push(filler, 0, filler.length);
      expect(scanner).toMatchObject({ done: false, fault: undefined });
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  test("an empty container may be of any type", () => {
    expect(scan(hostile("0f 0001 00 00000000 0d 0002 00 00 00000000 00"))).toMatchObject({ done: true });
  });

  test("uuids are 16 bytes", () => {
    expect(scan(hostile(`10 0001 ${"10".repeat(16)} 00`))).toMatchObject({ done: true, fault: undefined });
  });
});
