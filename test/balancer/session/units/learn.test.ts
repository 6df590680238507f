import { describe, expect, test } from "vitest";
import { learn } from "../../../../src/balancer/session/calls/learn.ts";
import { SessionTable } from "../../../../src/balancer/session/load/table.ts";
import { notMine } from "../../../../src/balancer/wire/hiveserver2/refusals.ts";
import { MessageScanner } from "../../../../src/balancer/wire/hiveserver2/scanner.ts";
import { encodeReply, GUID, OPERATION, SESSION } from "../support/messages.ts";

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
