import { describe, expect, test } from "vitest";
import { Keepers } from "../../../../src/balancer/session/links/keepers.ts";
import { MessageScanner } from "../../../../src/balancer/wire/hiveserver2/scanner.ts";
import { encodeReply, SESSION } from "../support/messages.ts";

function watched() {
  let now = 0;
  const open = new Set(["s1", "s2", "s3"]);
  const keepers = new Keepers(
    () => now,
    (session) => open.has(session),
  );
  const at = (seconds: number): void => {
    now = seconds * 1000;
  };
  return { keepers, open, at };
}

describe("whether a backend keeps sessions whose connection has ended", () => {
  test("is not believed of whom nothing is known", () => {
    expect(watched().keepers.keeps("a")).toBe(false);
  });

  test("is said by a reply, until the backend goes down", () => {
    const { keepers } = watched();
    keepers.said("a");
    expect([keepers.keeps("a"), keepers.keeps("b")]).toEqual([true, false]);
    keepers.forget("a");
    expect(keepers.keeps("a")).toBe(false);
  });

  test("is seen when a session is still known a while after its connection has ended, not at once", () => {
    const { keepers, at } = watched();
    keepers.ended("a", ["s1"]);
    at(1);
    keepers.answered("s1", "a", true);
    expect(keepers.keeps("a")).toBe(false);
    at(6);
    keepers.answered("s1", "b", true);
    expect(keepers.keeps("a")).toBe(false);
    keepers.answered("s1", "a", true);
    expect(keepers.keeps("a")).toBe(true);
  });

  test("is disproved by a refusal soon afterwards, whatever was said; a late refusal has other reasons", () => {
    const { keepers, at } = watched();
    keepers.said("a");
    keepers.ended("a", ["s1", "s2"]);
    at(61);
    keepers.answered("s1", "a", false);
    expect(keepers.keeps("a")).toBe(true);
    keepers.ended("a", ["s3"]);
    keepers.answered("s3", "a", false);
    expect(keepers.keeps("a")).toBe(false);
    keepers.said("a");
    expect(keepers.keeps("a")).toBe(false);
  });

  test("says nothing of sessions that their client has closed", () => {
    const { keepers, open } = watched();
    keepers.said("a");
    open.clear();
    keepers.ended("a", ["s1"]);
    keepers.answered("s1", "a", false);
    expect(keepers.keeps("a")).toBe(true);
  });
});

describe("the options in a reply to OpenSession", () => {
  const status = { statusCode: 0 };
  const scan = async (configuration: Record<string, string>, pieces: number) => {
    const reply = await encodeReply(
      "OpenSession",
      { client_protocol: 5 },
      { status, serverProtocolVersion: 5, sessionHandle: SESSION, configuration },
    );
    const scanner = new MessageScanner();
    for (let at = 0; at < reply.length; at += pieces) {
      scanner.push(reply, at, Math.min(reply.length, at + pieces));
    }
    expect(scanner.done).toBe(true);
    return scanner.keepsSessions;
  };
  const OPTION = "MAX_STATEMENT_LENGTH_BYTES";

  test.each([1, 7, 10_000])("tell a version that keeps sessions (pieces of %i bytes)", async (pieces) => {
    expect(await scan({ MEM_LIMIT: "0", [OPTION]: "1" }, pieces)).toBe(true);
    expect(await scan({ MEM_LIMIT: "0" }, pieces)).toBe(false);
    // A client may set a value, not a name.
    expect(await scan({ REQUEST_POOL: OPTION, MEM_LIMIT: "0" }, pieces)).toBe(false);
    expect(await scan({ max_statement_length_bytes: "1" }, pieces)).toBe(false);
  });
});
