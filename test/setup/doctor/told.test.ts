import { expect, test } from "vitest";
import { Failure } from "../../../src/domain/failure.ts";
import { examineBackends } from "../../../src/setup/doctor/backends.ts";
import { fromFailure, fromWarning } from "../../../src/setup/doctor/told.ts";
import { examineTransport, transportOf } from "../../../src/setup/doctor/transport.ts";

const BACKEND = { name: "a", address: "a:21050", lastCheck: null };

function backends(...states: string[]) {
  // Only these members are looked at.
  return examineBackends(states.map((state) => ({ ...BACKEND, state })) as never);
}

test("each backend is told of; that none is up is a problem", () => {
  expect(backends("UP", "DOWN").map(({ check, status }) => `${check} ${status}`)).toEqual([
    "backend ok",
    "backend warning",
  ]);
  expect(backends("DRAIN").map(({ check, status }) => `${check} ${status}`)).toEqual([
    "backend warning",
    "backends problem",
  ]);
  expect(backends("up")[0]?.text).toEqual({ en: "a (a:21050) is up", ja: "a (a:21050) の状態: 稼働中" });
});

test("what a check saw is told in both languages", () => {
  const lastCheck = { verdict: "good", message: "connected" };
  const [told] = examineBackends([{ ...BACKEND, state: "up", lastCheck }] as never, (en) => ({
    en,
    ja: "可",
  }));
  expect(told?.text).toEqual({ en: "a (a:21050) is up: connected", ja: "a (a:21050) の状態: 稼働中: 可" });
});

test("warnings and refusals of others keep their codes and their texts in both languages", () => {
  expect(fromWarning({ code: "c", message: "m", text: { en: "m", ja: "め" } })).toEqual({
    check: "c",
    status: "warning",
    message: "m",
    text: { en: "m", ja: "め" },
  });
  expect(fromWarning({ code: "c", message: "m" }).text).toEqual({ en: "m", ja: "m" });
  expect(fromFailure(new Failure("failed", "c", "m", { en: "h", ja: "ひ" }))).toMatchObject({
    check: "c",
    status: "problem",
    message: "m",
    remedy: "h",
    remedyText: { en: "h", ja: "ひ" },
  });
});

test.each([
  ["thrift", "ok"],
  ["sasl-plain", "ok"],
  ["sasl-gssapi", "warning"],
  ["tls", "warning"],
  ["http", "warning"],
] as const)("%s: %s", (transport, status) => {
  expect(examineTransport(transport)).toMatchObject({ check: "transport", status });
});

test("Cloudera Manager's facts count where the valves leave it open", () => {
  const facts = { impalaTls: false, kerberos: false, ldap: false };
  const of = (more: Partial<typeof facts>, valves: "thrift" | "tls" | "http" | "sasl-plain") =>
    transportOf({ ...facts, ...more } as never, valves);
  expect(of({ impalaTls: true }, "thrift")).toBe("tls");
  expect(of({ impalaTls: true }, "http")).toBe("http");
  expect(of({ kerberos: true, ldap: true }, "thrift")).toBe("sasl-gssapi");
  expect(of({ ldap: true }, "thrift")).toBe("sasl-plain");
  expect(of({}, "sasl-plain")).toBe("sasl-plain");
});
