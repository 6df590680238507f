import { describe, expect, test } from "vitest";
import { readOpenSessionReply } from "../../../src/balancer/wire/hiveserver2/health-calls.ts";
import { encodeReply, GUID, SECRET, SESSION } from "../session/support/messages.ts";

describe("the answer to a check's OpenSession", () => {
  test("is waited for however it is cut, with far more pairs in its configuration than bytes have come", async () => {
    const configuration = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`${i}`, ""]));
    const opened = {
      status: { statusCode: 0 },
      serverProtocolVersion: 5,
      sessionHandle: SESSION,
      configuration,
    };
    const answer = await encodeReply("OpenSession", { client_protocol: 5 }, opened as never);
    for (let length = 0; length < answer.length; length++) {
      expect(readOpenSessionReply(answer.subarray(0, length))).toBeUndefined();
    }
    expect(readOpenSessionReply(answer)).toEqual({ kind: "opened", guid: GUID, secret: SECRET });
  });
});
