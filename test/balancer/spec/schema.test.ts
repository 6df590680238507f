import { describe, expect, test } from "vitest";
import { balancerSchema } from "../../../scripts/balancer-spec-docs.ts";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import type { BalancerSpecInput } from "../../../src/balancer/spec/spec.ts";
import { specText } from "../../../src/setup/desired/balancer.ts";
import { violations } from "../../cli/generate/json-schema.ts";

const schema = balancerSchema();
const backend = { name: "a", address: "server1:21050" };
const listener = { name: "impala", bind: "0.0.0.0:10001", backends: [backend] };
const spec = (more: object = {}, rest: object = {}): unknown => ({
  version: 1,
  listeners: [{ ...listener, ...more }],
  ...rest,
});

describe("the published JSON Schema of the specification", () => {
  test("accepts the least that can be written, and what is written with every default", () => {
    const least: BalancerSpecInput = { version: 1, listeners: [listener] };
    expect(violations(schema, least)).toEqual([]);
    const rest = {
      admin: { socket: "/run/b.sock", http: "127.0.0.1:10002" },
      log: { format: "json", level: "debug" },
    };
    const whole = parseSpec(spec({ proxyProtocol: { from: ["fd00::/8"] }, health: { http: {} } }, rest));
    expect(violations(schema, JSON.parse(specText(whole)))).toEqual([]);
  });

  test.each([
    ["an unknown key", spec({ balanse: "source" })],
    ["an unknown key far below", spec({ backends: [{ ...backend, wieght: 1 }] })],
    ["a missing key", { version: 1 }],
    ["another version", { version: 2, listeners: [listener] }],
    ["an algorithm that there is not", spec({ balance: "random" })],
    ["no backend", spec({ backends: [] })],
    ["a time of no length", spec({ timeouts: { connect: 0 } })],
    ["milliseconds for seconds", spec({ timeouts: { client: 3_600_000 } })],
    ["half a connection", spec({ maxConnections: 1.5 })],
    ["a socket that is no absolute path", spec({}, { admin: { socket: "b.sock" } })],
  ])("refuses %s, as the program does", (_, document) => {
    expect(violations(schema, document)).not.toEqual([]);
    expect(() => parseSpec(document)).toThrow();
  });
});
