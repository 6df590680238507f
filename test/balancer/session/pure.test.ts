import { describe, expect, test } from "vitest";
import { learn } from "../../../src/balancer/session/calls/learn.ts";
import type { BackendView } from "../../../src/balancer/session/contract.ts";
import { chooseForSession, type Load } from "../../../src/balancer/session/load/choose.ts";
import { SessionTable } from "../../../src/balancer/session/load/table.ts";
import { recognise } from "../../../src/balancer/session/transports/transports.ts";
import { notMine } from "../../../src/balancer/wire/hiveserver2/refusals.ts";
import { MessageScanner } from "../../../src/balancer/wire/hiveserver2/scanner.ts";
import { FramedReader } from "../../../src/balancer/wire/sasl/framed-reader.ts";
import { NegotiationReader } from "../../../src/balancer/wire/sasl/negotiation.ts";
import { encodeCall, encodeReply, GUID, OPERATION, SESSION } from "./messages.ts";

describe("telling the transport by its first bytes", () => {
  const sasl = (mechanism: string) =>
    `01000000${mechanism.length.toString(16).padStart(2, "0")}${Buffer.from(mechanism).toString("hex")}`;
  const http = (text: string) => Buffer.from(text).toString("hex");
  test.each([
    ["80010001", "thrift"],
    ["80010004", "thrift"],
    ["80010002", "unknown"],
    ["80020001", "unknown"],
    ["8001", undefined],
    ["800100", undefined],
    [sasl("PLAIN"), "sasl-plain"],
    [sasl("GSSAPI"), "sasl-gssapi"],
    [sasl("DIGEST-MD5"), "unknown"],
    [sasl("PLAI").replace("04", "05"), undefined],
    ["01000000", undefined],
    ["0100000000", "unknown"],
    ["0100000015", "unknown"],
    ["01ffffffff", "unknown"],
    ["160301", "tls"],
    ["16", undefined],
    ["1604", "unknown"],
    [http("POST /cliservice HTTP/1.1"), "http"],
    [http("GET / HTTP/1.1"), "http"],
    [http("POS"), undefined],
    [http("POSE"), "unknown"],
    ["0000000b4f70656e53657373696f6e", "unknown"],
    ["ff", "unknown"],
    ["", undefined],
  ])("%s is %s", (hex, transport) => {
    expect(recognise(Buffer.from(hex, "hex"))?.name).toBe(transport);
  });

  test("25 bytes are always enough", () => {
    for (let first = 0; first < 256; first++) {
      for (const fill of [0, 1, 5, 20, 0x41, 0xff]) {
        const head = Buffer.alloc(25, fill);
        head[0] = first;
        expect(recognise(head)).toBeDefined();
      }
    }
    const longest = Buffer.concat([Buffer.from("0100000014", "hex"), Buffer.alloc(20, 65)]);
    expect(recognise(longest)?.name).toBe("unknown");
  });
});

describe("choosing the backend of a new session", () => {
  const view = (name: string, change: Partial<BackendView> = {}): BackendView => ({
    name,
    address: `${name}:1`,
    weight: 1,
    backup: false,
    usable: true,
    reachable: true,
    ...change,
  });
  const loads = (table: Record<string, Partial<Load>>) => (name: string) => ({
    sessions: 0,
    operations: 0,
    lastChosen: 0,
    ...table[name],
  });
  const choose = (backends: BackendView[], table: Record<string, Partial<Load>> = {}, except?: string[]) =>
    chooseForSession(backends, loads(table), except && new Set(except))?.name;

  test("the fewest sessions", () => {
    expect(
      choose([view("a"), view("b"), view("c")], {
        a: { sessions: 3 },
        b: { sessions: 1 },
        c: { sessions: 2 },
      }),
    ).toBe("b");
  });
  test("ties by the fewest running operations, then by who has waited longest", () => {
    const three = [view("a"), view("b"), view("c")];
    expect(choose(three, { a: { operations: 2 }, b: { operations: 1 }, c: { operations: 2 } })).toBe("b");
    expect(choose(three, { a: { lastChosen: 9 }, b: { lastChosen: 7 }, c: { lastChosen: 8 } })).toBe("b");
    expect(choose(three)).toBe("a");
  });
  test("by weight, also when all are empty", () => {
    const two = [view("a"), view("b", { weight: 3 })];
    expect(choose(two)).toBe("b");
    expect(choose(two, { b: { sessions: 2 } })).toBe("a");
    expect(choose(two, { a: { sessions: 1 }, b: { sessions: 3 } })).toBe("b");
    expect(choose([view("a", { weight: 0.01 }), view("b")], { b: { sessions: 50 } })).toBe("b");
  });
  test("operations count by weight too", () => {
    const two = [view("a", { weight: 2 }), view("b", { weight: 1 })];
    expect(choose(two, { a: { sessions: 1, operations: 5 }, b: { operations: 4 } })).toBe("a");
  });
  test("not the unusable, not those of weight 0, not those that have refused", () => {
    expect(choose([view("a", { usable: false }), view("b")])).toBe("b");
    expect(choose([view("a", { weight: 0 }), view("b")])).toBe("b");
    expect(choose([view("a"), view("b")], {}, ["a"])).toBe("b");
    expect(choose([view("a", { weight: 0 })])).toBeUndefined();
    expect(choose([])).toBeUndefined();
  });
  test("backups only when nothing else is usable", () => {
    expect(choose([view("a", { backup: true }), view("b")], { b: { sessions: 99 } })).toBe("b");
    expect(choose([view("a", { backup: true }), view("b", { usable: false })])).toBe("a");
    expect(choose([view("a", { backup: true }), view("b")], {}, ["b"])).toBe("a");
  });
});

async function reply(method: string, request: object, response: object): Promise<MessageScanner> {
  const bytes = await encodeReply(method, request, response as never);
  const scanner = new MessageScanner();
  scanner.push(bytes, 0, bytes.length);
  return scanner;
}
const closing = (status: object) => reply("CloseSession", { sessionHandle: SESSION }, { status });
const session = GUID.toString("latin1");
const operation = OPERATION.operationId.guid.toString("latin1");

describe("what a reply says", () => {
  test.each([
    ["Invalid session id: 1:2", true],
    ["Invalid query handle", true],
    ["Invalid or unknown query handle: 1:2.", true],
    ["Query id 1:2 not found.", true],
    ["Invalid SessionHandle: SessionHandle [6161]", true],
    ["Invalid OperationHandle: OperationHandle [opType=EXECUTE_STATEMENT]", true],
    ["Session does not exist!", true],
    ["Client session expired due to more than 900s of inactivity", false],
    ["Session is closed", false],
    ["AnalysisException: could not resolve 'Invalid session id'", false],
    ["Query id is nowhere and its table not found", false],
    ["Invalid SessionHandleX", false],
  ])("%s", async (errorMessage, expected) => {
    expect(notMine(await closing({ statusCode: 3, errorMessage }))).toBe(expected);
    // With a good status it is only a text.
    expect(notMine(await closing({ statusCode: 0, errorMessage }))).toBe(false);
  });

  test("HiveServer2's text may follow the exception's class in the first information message", async () => {
    const infoMessages = [
      "*org.apache.hive.service.cli.HiveSQLException:Invalid OperationHandle: X:12:11",
      "at",
    ];
    expect(notMine(await closing({ statusCode: 3, infoMessages }))).toBe(true);
  });

  test("status INVALID_HANDLE says it by itself", async () => {
    expect(notMine(await closing({ statusCode: 4 }))).toBe(true);
  });
});

describe("learning from calls and their replies", () => {
  const call = (method: string, ...handles: string[]) => ({ method, handles });
  const good = { statusCode: 0 };

  test("a session is learnt from OpenSession, an operation from what makes it, both are forgotten when closed", async () => {
    const table = new SessionTable();
    const opened = { status: good, serverProtocolVersion: 5, sessionHandle: SESSION };
    learn(table, call("OpenSession"), await reply("OpenSession", { client_protocol: 5 }, opened), "a", 0);
    expect(table.find(session, 0)).toMatchObject({ backend: "a", kind: "session" });
    const request = { sessionHandle: SESSION, statement: "x" };
    const executed = await reply("ExecuteStatement", request, { status: good, operationHandle: OPERATION });
    learn(table, call("ExecuteStatement", session), executed, "a", 0);
    expect(table.find(operation, 0)).toMatchObject({ backend: "a", kind: "operation" });
    const closed = await reply("CloseOperation", { operationHandle: OPERATION }, { status: good });
    learn(table, call("CloseOperation", operation), closed, "a", 0);
    expect(table.find(operation, 0)).toBeUndefined();
    learn(table, call("CloseSession", session), await closing(good), "a", 0);
    expect(table.size).toEqual({ sessions: 0, operations: 0 });
  });

  test("a failed OpenSession teaches nothing", async () => {
    const table = new SessionTable();
    const refused = { status: { statusCode: 3 }, serverProtocolVersion: 5 };
    learn(table, call("OpenSession"), await reply("OpenSession", { client_protocol: 5 }, refused), "a", 0);
    expect(table.size.sessions).toBe(0);
  });

  test("whoever answers for a handle owns it, whatever it answers", async () => {
    const table = new SessionTable();
    const failed = { status: { statusCode: 3, errorMessage: "AnalysisException" } };
    const request = { sessionHandle: SESSION, statement: "x" };
    learn(table, call("ExecuteStatement", session), await reply("ExecuteStatement", request, failed), "b", 0);
    expect(table.find(session, 0)).toMatchObject({ backend: "b", kind: "session" });
    const state = { status: good, operationState: 1 };
    const polled = await reply("GetOperationStatus", { operationHandle: OPERATION }, state);
    learn(table, call("GetOperationStatus", operation), polled, "b", 0);
    expect(table.find(operation, 0)).toMatchObject({ backend: "b", kind: "operation" });
  });

  test("a profile call teaches its operation and its session", async () => {
    const table = new SessionTable();
    learn(table, call("GetRuntimeProfile", operation, session), await closing(good), "c", 0);
    expect(table.find(operation, 0)?.kind).toBe("operation");
    expect(table.find(session, 0)?.kind).toBe("session");
    table.remove(session);
    expect(table.find(operation, 0)).toBeUndefined();
  });

  test("only the owner's refusal makes the table forget", async () => {
    const table = new SessionTable();
    table.addSession(session, "a", 0);
    const refusal = await closing({ statusCode: 3, errorMessage: "Invalid session id: 1:2" });
    learn(table, call("ExecuteStatement", session), refusal, "b", 0);
    expect(table.find(session, 0)?.backend).toBe("a");
    learn(table, call("ExecuteStatement", session), refusal, "a", 0);
    expect(table.find(session, 0)).toBeUndefined();
  });

  test("an expired session counts no longer", async () => {
    const table = new SessionTable();
    table.addSession(session, "a", 0);
    const expired = await closing({
      statusCode: 3,
      errorMessage: "Client session expired due to more than 9s",
    });
    learn(table, call("ExecuteStatement", session), expired, "a", 0);
    expect(table.sessions("a")).toBe(0);
  });

  test("an answer makes a lost session count again", async () => {
    const table = new SessionTable();
    table.addSession(session, "a", 0);
    table.lose("a");
    learn(table, call("GetInfo", session), await closing(good), "a", 0);
    expect(table.find(session, 0)?.lost).toBe(false);
    expect(table.sessions("a")).toBe(1);
  });

  test("a Thrift exception teaches nothing", () => {
    const table = new SessionTable();
    const exception = Buffer.from("800100030000000158000000000b00010000000165080002000000010000", "hex");
    const scanner = new MessageScanner();
    scanner.push(exception, 0, exception.length);
    expect(scanner).toMatchObject({ done: true, type: 3, statusKnown: true });
    learn(table, call("GetInfo", session), scanner, "a", 0);
    expect(table.size.sessions).toBe(0);
  });
});

describe("SASL frames", () => {
  const message = encodeCall("ExecuteStatement", { sessionHandle: SESSION, statement: "select 1" });
  const frame = (payload: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(payload.length);
    return Buffer.concat([length, payload]);
  };

  test("one message in one frame, in several, with empty ones between, byte by byte", () => {
    const [a, b] = [message.subarray(0, 30), message.subarray(30)];
    for (const stream of [frame(message), Buffer.concat([frame(a), frame(Buffer.alloc(0)), frame(b)])]) {
      const whole = new FramedReader();
      expect(whole.push(Buffer.concat([stream, stream]), 0, stream.length * 2)).toBe(stream.length);
      expect(whole).toMatchObject({ done: true, fault: undefined });
      const reader = new FramedReader();
      for (let at = 0; at < stream.length; at++) {
        expect(reader.done).toBe(false);
        expect(reader.push(stream, at, at + 1)).toBe(at + 1);
      }
      expect(reader.done).toBe(true);
      expect(reader.scanner.handles).toEqual([session]);
      reader.reset();
      expect(reader.push(stream, 0, stream.length)).toBe(stream.length);
      expect(reader.done).toBe(true);
    }
  });

  test("bytes after the message in its frame, and frames of impossible length, are faults", () => {
    const reader = new FramedReader();
    const stream = frame(Buffer.concat([message, Buffer.from([0])]));
    reader.push(stream, 0, stream.length);
    expect(reader.fault).toBe("bytes after the message in its SASL frame");
    const other = new FramedReader();
    other.push(Buffer.from("ffffffff", "hex"), 0, 4);
    expect(other.fault).toBe("SASL frame of impossible length");
    other.reset();
    expect(other.fault).toBeUndefined();
  });

  test("a negotiation is followed message by message, however it is cut", () => {
    const stream = Buffer.from("02000000000500000003616263", "hex");
    const reader = new NegotiationReader();
    expect(reader.push(stream, 0, stream.length)).toBe(5);
    expect(reader).toMatchObject({ status: 2, messages: 1 });
    expect(reader.push(stream, 5, stream.length)).toBe(stream.length);
    expect(reader).toMatchObject({ status: 5, messages: 2 });
    const bytewise = new NegotiationReader();
    for (let at = 0; at < stream.length; at++) bytewise.push(stream, at, at + 1);
    expect(bytewise).toMatchObject({ status: 5, messages: 2, fault: undefined });
  });

  test.each([
    ["00", "not a SASL status"],
    ["06", "not a SASL status"],
  ])("status %s is a fault", (status, fault) => {
    const reader = new NegotiationReader();
    const bytes = Buffer.from(`${status}00000000`, "hex");
    reader.push(bytes, 0, 5);
    expect(reader.fault).toBe(fault);
  });

  test("a negotiation message of 16 KiB and one byte is a fault", () => {
    const reader = new NegotiationReader();
    reader.push(Buffer.from("0100004001", "hex"), 0, 5);
    expect(reader.fault).toBe("SASL message of impossible length");
  });
});
