import { expect, test } from "vitest";
import { parseSpec } from "../../../src/balancer/spec/parse-spec.ts";
import { withProtection } from "../../../src/balancer/spec/protective.ts";

/** Seconds of silence, and connections of one source, that a listener with these keys allows. */
function limits(more: object): [firstByte: number, perSource: number] {
  const backends = [{ name: "a", address: "server1:21050" }];
  const listener = { name: "impala", bind: "0.0.0.0:10001", backends, ...more };
  const [parsed] = parseSpec({ version: 1, listeners: [listener] }).listeners;
  if (parsed === undefined) throw new Error("no listener");
  const { timeouts, maxConnectionsPerSource } = withProtection(parsed);
  return [timeouts.firstByte, maxConnectionsPerSource];
}

test("where others than Hue may connect: 30 s for the first byte, and half of the connections for one source", () => {
  expect(limits({})).toEqual([30, 500]);
  expect(limits({ bind: "10.0.0.7:10001", maxConnections: 7 })).toEqual([30, 3]);
  expect(limits({ bind: "[::]:10001", maxConnections: 1 })).toEqual([30, 1]);
  expect(limits({ allow: ["10.0.0.7", "10.1.0.0/16"] })).toEqual([30, 500]);
  expect(limits({ bind: "127.0.0.1:10001", allow: ["127.0.0.0/8"] })).toEqual([30, 500]);
  expect(limits({ bind: "127.0.0.1:10001", proxyProtocol: { from: ["127.0.0.1"] } })).toEqual([30, 500]);
});

test("where Hue is the only client, on loopback or by an allow list of single hosts, there are no such limits", () => {
  expect(limits({ bind: "127.0.0.1:10001" })).toEqual([0, 0]);
  expect(limits({ bind: "[::1]:10001" })).toEqual([0, 0]);
  expect(limits({ allow: ["10.0.0.7", "10.0.0.8/32", "fd00::1/128", "fd00::2"] })).toEqual([0, 0]);
  expect(limits({ allow: ["10.0.0.7"], proxyProtocol: { from: ["10.0.0.9"] } })).toEqual([0, 0]);
});

test("what the specification says counts", () => {
  expect(limits({ timeouts: { firstByte: 0 }, maxConnectionsPerSource: 0 })).toEqual([0, 0]);
  const own = { timeouts: { firstByte: 5 }, maxConnectionsPerSource: 9 };
  expect(limits({ bind: "127.0.0.1:10001", ...own })).toEqual([5, 9]);
});
