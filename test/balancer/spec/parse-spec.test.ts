import { describe, expect, test } from "vitest";
import { parseSpec, parseSpecText } from "../../../src/balancer/spec/parse-spec.ts";
import { Failure } from "../../../src/domain/failure.ts";

const listener = {
  name: "impala",
  bind: "0.0.0.0:10001",
  backends: [{ name: "a", address: "server1:21050" }],
};
const spec = (more: object = {}, rest: object = {}) => ({
  version: 1,
  listeners: [{ ...listener, ...more }],
  ...rest,
});
const message = (value: unknown): string => {
  try {
    parseSpec(value, "spec.json");
  } catch (error) {
    if (error instanceof Failure) return `${error.kind} ${error.code} ${error.message}`;
    throw error;
  }
  return "";
};

test("the defaults", () => {
  expect(parseSpec(spec())).toEqual({
    version: 1,
    listeners: [
      {
        ...listener,
        balance: "session",
        backends: [{ name: "a", address: "server1:21050", weight: 1, maxConnections: 0, backup: false }],
        health: { interval: 2, timeout: 2, fall: 3, rise: 2 },
        timeouts: { connect: 4, client: 43_200, server: 43_200, halfClosed: 30, queue: 30 },
        retries: 3,
        slowStart: 60,
        endBackupOnRecovery: false,
        allow: [],
        maxConnections: 1000,
        stickiness: { expire: 43_200, size: 100_000 },
        keepAlive: 30,
      },
    ],
  });
});

test("proxies have five seconds for their header", () => {
  const [parsed] = parseSpec(spec({ proxyProtocol: { from: ["10.0.0.0/8"] } })).listeners;
  expect(parsed?.proxyProtocol).toEqual({ from: ["10.0.0.0/8"], timeout: 5 });
});

describe("what is refused", () => {
  test.each([
    [
      spec({ balanse: "source" }),
      /^settings bad-spec spec\.json: unknown key listeners\.0\.balanse \(did you mean "balance"\?\)/,
    ],
    [
      spec({ timeouts: { conect: 4 } }),
      /unknown key listeners\.0\.timeouts\.conect \(did you mean "connect"\?\)/,
    ],
    [
      spec({ backends: [{ name: "a", address: "x:1", wieght: 1 }] }),
      /backends\.0\.wieght \(did you mean "weight"\?\)/,
    ],
    [spec({}, { amdin: {} }), /unknown key amdin \(did you mean "admin"\?\)/],
    [spec({ zzzzzz: 1 }), /unknown key listeners\.0\.zzzzzz$/],
    [spec({ balance: "random" }), /listeners\.0\.balance is "random", expected \("session" \| "source"/],
    [spec({ bind: "nowhere" }), /listeners\.0\.bind must be HOST:PORT/],
    [spec({ backends: [] }), /listeners\.0\.backends must name at least one backend/],
    [spec({ backends: [{ name: "a", address: "x:0" }] }), /address must have a port other than 0/],
    [spec({ backends: [{ name: "a b", address: "x:1" }] }), /name must be 1 to 63 letters/],
    [spec({ allow: ["10.0.0.0/33"] }), /allow\.0 must be a network/],
    [spec({ timeouts: { client: 3_600_000 } }), /timeouts\.client is 3600000, expected <=2592000/],
    [spec({ timeouts: { connect: 0 } }), /timeouts\.connect is 0, expected >0/],
    [spec({ maxConnections: "many" }), /maxConnections is "many", expected number/],
    [spec({ proxyProtocol: { from: [] } }), /proxyProtocol\.from must name at least one network/],
    [spec({ proxyProtocol: { from: ["proxy.example.com"] } }), /proxyProtocol\.from\.0 must be a network/],
    [
      spec({ proxyProtokol: {} }),
      /unknown key listeners\.0\.proxyProtokol \(did you mean "proxyProtocol"\?\)/,
    ],
    [spec({ proxyProtocol: { form: [] } }), /unknown key .*proxyProtocol\.form \(did you mean "from"\?\)/],
    [{ version: 2, listeners: [listener] }, /version is 2, expected 1/],
    [{ version: 1, listeners: [listener, listener] }, /two listeners are named "impala"/],
    [
      spec({ backends: [listener.backends[0], listener.backends[0]] }),
      /two backends of listener "impala" are named "a"/,
    ],
    [[], /version is missing; listeners is missing/],
    [null, /the document is/],
  ])("%j", (value, pattern) => {
    expect(message(value)).toMatch(pattern);
  });

  test("in Japanese as well, keys and values as they are written", () => {
    const document = spec({ balanse: "source", bind: "nowhere", retries: -1 });
    expect(() => parseSpec(document, "spec.json")).toThrow(
      expect.objectContaining({
        text: expect.objectContaining({
          ja: expect.stringMatching(
            /^spec\.json: .*不明なキー listeners\.0\.balanse \("balance" ではありませんか\)/,
          ),
        }),
      }),
    );
    expect(() => parseSpec(document, "spec.json")).toThrow(
      expect.objectContaining({
        text: expect.objectContaining({ ja: expect.stringContaining('"nowhere"') }),
      }),
    );
  });

  test("text that is not JSON is unparsable, with line and column where Node tells the place", () => {
    expect(() => parseSpecText('{\n  "version": 1,,\n}', "spec.json")).toThrow(
      expect.objectContaining({
        kind: "unparsable",
        code: "bad-json",
        message: expect.stringMatching(/^spec\.json(:2:16)?: not JSON/),
      }),
    );
  });
});
