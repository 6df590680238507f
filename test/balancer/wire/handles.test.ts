import { describe, expect, test } from "vitest";
import { questionAbout } from "../../../src/balancer/wire/hiveserver2/handles.ts";
import { MessageScanner } from "../../../src/balancer/wire/hiveserver2/scanner.ts";
import { encodeCall, GUID, OPERATION, SESSION } from "../session/support/messages.ts";

const session = GUID.toString("latin1");
const operation = OPERATION.operationId.guid.toString("latin1");

describe("the question about a handle", () => {
  test("is what npm thrift writes for GetInfo and GetOperationStatus, guid and secret taken from the call", () => {
    const execute = encodeCall("ExecuteStatement", { sessionHandle: SESSION, statement: "select 1" });
    const info = encodeCall("GetInfo", { sessionHandle: SESSION, infoType: 17 });
    expect(normal(questionAbout(execute, session, "session"))).toEqual(normal(info));
    const fetch = encodeCall("FetchResults", { operationHandle: OPERATION, orientation: 0, maxRows: 1 });
    const status = encodeCall("GetOperationStatus", { operationHandle: OPERATION });
    expect(normal(questionAbout(fetch, operation, "operation"))).toEqual(normal(status));
  });

  test("holds bytes of any value as they are", () => {
    const guid = Buffer.from(Array.from({ length: 16 }, (_, i) => 255 - i * 9));
    const sessionHandle = { sessionId: { guid, secret: guid } };
    const info = encodeCall("GetInfo", { sessionHandle, infoType: 17 });
    expect(normal(questionAbout(info, guid.toString("latin1"), "session"))).toEqual(normal(info));
  });

  test("cannot be asked when the secret is not there", () => {
    const call = encodeCall("GetInfo", { sessionHandle: SESSION, infoType: 17 });
    const at = call.indexOf(GUID);
    expect(questionAbout(call, "another handle..", "session")).toBeUndefined();
    for (let length = at; length < at + 39; length++) {
      expect(questionAbout(call.subarray(0, length), session, "session")).toBeUndefined();
    }
    expect(questionAbout(call.subarray(0, at + 39), session, "session")).toBeDefined();
    const broken = Buffer.from(call);
    broken[at + 17] = 9;
    expect(questionAbout(broken, session, "session")).toBeUndefined();
  });
});

/** A message without its sequence number, which each writer counts for itself. */
function normal(message: Buffer | undefined): string {
  if (message === undefined) return "none";
  const scanner = new MessageScanner();
  scanner.push(message, 0, message.length);
  const at = 8 + scanner.method.length;
  return Buffer.concat([message.subarray(0, at), message.subarray(at + 4)]).toString("hex");
}
