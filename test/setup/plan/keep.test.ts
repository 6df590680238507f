import { describe, expect, it } from "vitest";
import type { Valve } from "../../../src/cloudera/config/valve.ts";
import type { PlanPart } from "../../../src/setup/plan/change.ts";
import { planHueIni } from "../../../src/setup/plan/hue-ini.ts";
import { planValves } from "../../../src/setup/plan/valves.ts";
import { decided, LOGIN } from "../support.ts";

const EXTERNAL = { hueIni: "hue.ini", balancer: "external", serverHost: "lb", serverPort: 10001 } as const;
const MANAGED = {
  kind: "cloudera-manager",
  login: LOGIN,
  cluster: "C",
  service: "hue",
  restart: false,
} as const;

/** What becomes of hue.ini, and what is said. `others` are read after it, by name. */
function ofHueIni(
  text: string,
  given: { serverConnTimeout?: number } = {},
  others: Record<string, string> = {},
) {
  const { settings, byDefault, target } = decided({ ...EXTERNAL, ...given });
  if (target.kind !== "hue-ini") throw new Error("no hue.ini");
  const content = Buffer.from(text);
  const files = Object.entries({ "hue.ini": text, ...others }).map(([path, value]) => {
    return { path, bytes: Buffer.from(value) };
  });
  return told(
    planHueIni(settings, byDefault, {
      kind: "hue-ini",
      target,
      content,
      confFiles: files,
      oldHue: [],
      managedSigns: [],
    }),
  );
}

function told({ changes, warnings }: PlanPart) {
  const [change] = changes;
  const after = change !== undefined && "after" in change ? textOf(change.after) : "";
  return {
    timeout: /server_conn_timeout *= *(.*)/.exec(after)?.[1]?.trim(),
    codes: warnings.map(({ code }) => code),
    messages: warnings.map(({ message }) => message),
  };
}

const withTimeout = (value: string): string => `[impala]\nserver_host=old\nserver_conn_timeout=${value}\n`;

const textOf = (after: Uint8Array | string | null): string =>
  typeof after === "string" ? after : Buffer.from(after ?? []).toString();

describe("a default never replaces a value that is at least as good", () => {
  it.each(["43200", "3601", " 1_000_000 ", '"7200"'])(
    "server_conn_timeout=%s stays, and it is said",
    (value) => {
      const { timeout, codes } = ofHueIni(withTimeout(value));
      expect([timeout, codes]).toEqual([value.trim(), ["default-not-better"]]);
    },
  );

  it.each([
    ["shorter", "120"],
    ["one second too short", "3599"],
    ["none", "0"],
    ["not a number", "1h"],
    ["more than Python takes", "9223372037"],
    ["a list", "43200, 1"],
    ["a fraction", "43200.5"],
  ])("one that is %s is replaced", (_, value) => {
    expect(ofHueIni(withTimeout(value))).toMatchObject({ timeout: "3600", codes: [] });
  });

  it("the default itself is nothing to speak of", () => {
    expect(ofHueIni(withTimeout("3600"))).toMatchObject({ timeout: "3600", codes: [] });
  });

  it.each([60, 3600, 4711])("a value that somebody has named is set: %i", (serverConnTimeout) => {
    const { timeout, codes } = ofHueIni(withTimeout("43200"), { serverConnTimeout });
    expect([timeout, codes]).toEqual([String(serverConnTimeout), []]);
  });

  it("a commented value is none", () => {
    expect(ofHueIni("[impala]\n# server_conn_timeout=43200\n").timeout).toBeDefined();
    expect(ofHueIni("[impala]\n# server_conn_timeout=43200\n").codes).toEqual([]);
  });

  it("a value of another file, which the default would put aside, stays the one that Hue reads", () => {
    const { timeout, codes } = ofHueIni("[impala]\nserver_host=old\n", {}, { "a.ini": withTimeout("43200") });
    expect([timeout, codes.includes("default-not-better")]).toEqual([undefined, true]);
  });

  it("that a worse one of another file wins is said", () => {
    const { timeout, messages } = ofHueIni(
      withTimeout("43200"),
      {},
      { "z.ini": "[impala]\nserver_conn_timeout=60\n" },
    );
    expect(timeout).toBe("43200");
    expect(messages.join("\n")).toMatch(/z\.ini:2 sets .*server_conn_timeout to 60 and wins/);
  });
});

describe("the same in the safety valves", () => {
  const valve = (scope: Valve["scope"], value: string): Valve => {
    const property = scope === "service" ? "hue_service_safety_valve" : "hue_server_hue_safety_valve";
    return { scope, owner: scope, property, value, set: value !== "", roles: ["server"] };
  };
  const ofValves = (valves: readonly Valve[], given = {}) => {
    const { settings, byDefault } = decided({ ...EXTERNAL, ...given });
    return planValves(settings, byDefault, {
      kind: "cloudera-manager",
      target: MANAGED,
      valves,
      stale: false,
    });
  };

  it.each([
    ["the service's own", [valve("service", withTimeout("43200"))]],
    ["its group's own", [valve("service", ""), valve("group", withTimeout("43200"))]],
    [
      "the service's, below its group's valve",
      [valve("service", withTimeout("43200")), valve("group", "[impala]\nserver_host=x\n")],
    ],
  ])("%s stays", (_, valves) => {
    const { changes, warnings } = ofValves(valves);
    expect(changes.some((change) => "after" in change && textOf(change.after).includes("3600"))).toBe(false);
    expect(warnings.some(({ code }) => code === "default-not-better")).toBe(true);
  });

  it("a shorter one is replaced, and a named one is set", () => {
    const valves = [valve("service", withTimeout("120"))];
    expect(told(ofValves(valves)).timeout).toBe("3600");
    expect(told(ofValves([valve("service", withTimeout("43200"))], { serverConnTimeout: 60 })).timeout).toBe(
      "60",
    );
  });
});
