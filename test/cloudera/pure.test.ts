import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Command, RoleList, shaped } from "../../src/cloudera/client/shapes.ts";
import {
  effective,
  effectiveFlag,
  effectivePort,
  NO_PROPERTIES,
  propertiesOf,
} from "../../src/cloudera/config/properties.ts";
import { judgeImpalad } from "../../src/cloudera/discovery/eligibility.ts";
import { CookieJar } from "../../src/cloudera/http/cookies.ts";
import { backOff, RETRY, retryAfter, waitBefore } from "../../src/cloudera/http/retry.ts";
import { brief } from "../../src/cloudera/http/text.ts";
import { NetworkFault, type Reply } from "../../src/cloudera/http/transport.ts";
import { nearest } from "../../src/domain/words/nearest.ts";

/** Kana or a common kanji: the text is not the English one again. */
const JAPANESE = /[ぁ-んァ-ヶ一-龠]/;

describe("strings from Cloudera Manager", () => {
  it.each([
    ["Cluster 1", "Cluster 1"],
    ["\u001b[31mred\u001b[0m", "^[[31mred^[[0m"],
    ["a\u0007b\u0000c\u009bd\u007f", "a^Gb^@c<U+009B>d^?"],
    ["two\r\nlines\tand a tab", "two lines and a tab"],
    ["\u202eevil\u2066", "<U+202E>evil<U+2066>"],
    ["日本語クラスタ ü", "日本語クラスタ ü"],
  ])("brief(%j) is %j", (given, wanted) => {
    expect(brief(given)).toBe(wanted);
  });

  it("leave no control character, whatever they hold, and are made visible only once", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = brief(text);
        return !/[\u0000-\u001f\u007f-\u009f]/.test(once) && brief(once) === once;
      }),
    );
  });

  it("brief() keeps one line of limited length", () => {
    expect(brief(`x${"y".repeat(500)}\n\tat Foo.java`, 20)).toBe(`x${"y".repeat(18)}…`);
  });

  it.each([
    ["Cluster1", ["Cluster 1", "Cluster 2"], "Cluster 1"],
    ["IMPALA", ["hue", "impala"], "impala"],
    ["production", ["staging", "test"], undefined],
    ["x", [], undefined],
  ])("nearest(%j, %j) is %j", (wanted, names, near) => {
    expect(nearest(wanted, names)).toBe(near);
  });
});

describe("session cookies", () => {
  it("keeps every cookie whatever its name, replaces and deletes", () => {
    const jar = new CookieJar();
    expect(jar.header()).toBeUndefined();
    jar.store(["CLOUDERA_MANAGER_SESSIONID=abc;Path=/;HttpOnly", "SESSION=x=y; Secure"]);
    expect(jar.header()).toBe("CLOUDERA_MANAGER_SESSIONID=abc; SESSION=x=y");
    jar.store(["SESSION=; Max-Age=0", "CLOUDERA_MANAGER_SESSIONID=def", "=nameless", "junk"]);
    expect(jar.header()).toBe("CLOUDERA_MANAGER_SESSIONID=def");
    jar.clear();
    expect(jar.header()).toBeUndefined();
  });
});

describe("retries", () => {
  const pace = { now: () => Date.UTC(2026, 0, 1, 0, 0, 0), sleep: async () => {}, random: () => 0 };
  const reply = (status: number, headers: Record<string, string> = {}): Reply => {
    return { status, headers, cookies: [], body: Buffer.alloc(0) };
  };

  it.each([
    [429, 250],
    [502, 250],
    [503, 250],
    [504, 250],
    [200, undefined],
    [400, undefined],
    [401, undefined],
    [403, undefined],
    [404, undefined],
    [500, undefined],
    [501, undefined],
  ])("status %i waits %s ms before the second attempt", (status, wait) => {
    expect(waitBefore(2, reply(status), RETRY, pace)).toBe(wait);
  });

  it.each([
    ["ECONNRESET", 250],
    ["ECONNREFUSED", 250],
    ["EAI_AGAIN", 250],
    ["TIMEOUT", 250],
    ["ENOTFOUND", undefined],
    ["CERT_HAS_EXPIRED", undefined],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", undefined],
    ["TOO_LARGE", undefined],
    ["ABORTED", undefined],
  ])("network fault %s waits %s ms before the second attempt", (code, wait) => {
    expect(waitBefore(2, new NetworkFault(code, ""), RETRY, pace)).toBe(wait);
  });

  it("gives up after the last attempt, and after the second when each costs the whole time limit", () => {
    expect(waitBefore(4, reply(503), RETRY, pace)).toBeDefined();
    expect(waitBefore(5, reply(503), RETRY, pace)).toBeUndefined();
    expect(waitBefore(3, new NetworkFault("TIMEOUT", ""), RETRY, pace)).toBeUndefined();
  });

  it.each([
    ["7", 7_000],
    ["0", 0],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 23:59:00 GMT", 0],
    ["soon", undefined],
    ["-3", undefined],
    ["1.5", undefined],
  ])("Retry-After %j is %s ms", (header, ms) => {
    expect(retryAfter(header, pace.now())).toBe(ms);
  });

  it("honours Retry-After up to a minute and gives up on a longer one", () => {
    expect(waitBefore(2, reply(503, { "retry-after": "60" }), RETRY, pace)).toBe(60_000);
    expect(waitBefore(2, reply(503, { "retry-after": "61" }), RETRY, pace)).toBeUndefined();
    expect(waitBefore(2, reply(503, { "retry-after": "soon" }), RETRY, pace)).toBe(250);
  });

  it("backs off exponentially with jitter between half and all of it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, random) => {
          const full = Math.min(RETRY.cap, RETRY.base * 2 ** (n - 1));
          const wait = backOff(n, RETRY, random);
          expect(wait).toBeGreaterThanOrEqual(full / 2);
          expect(wait).toBeLessThanOrEqual(full);
        },
      ),
    );
  });
});

describe("effective configuration", () => {
  const item = (name: string, value?: string, fallback?: string) => ({
    name,
    ...(value === undefined ? {} : { value }),
    ...(fallback === undefined ? {} : { default: fallback }),
  });
  const role = propertiesOf([item("hs2_port", "21055")]);
  const group = propertiesOf([item("hs2_port", "21051", "21050"), item("beeswax_port", undefined, "21000")]);

  it("takes the role's override, then the group's value, then the default", () => {
    expect(effective("hs2_port", role, group)).toBe("21055");
    expect(effective("hs2_port", NO_PROPERTIES, group)).toBe("21051");
    expect(effective("beeswax_port", role, group)).toBe("21000");
    expect(effective("unknown", role, group)).toBeUndefined();
  });

  it.each([
    ["21050", 21050],
    [" 21050 ", 21050],
    ["0", 0],
    ["65535", 65535],
    ["65536", undefined],
    ["21050x", undefined],
    ["-1", undefined],
    ["", 4711],
  ])("port %j is %s", (text, port) => {
    expect(effectivePort("p", propertiesOf([item("p", text)]), NO_PROPERTIES, 4711)).toBe(port);
  });

  it.each([
    ["true", true],
    ["TRUE", true],
    ["false", false],
    ["yes", false],
    ["", true],
  ])("flag %j is %s", (text, flag) => {
    expect(effectiveFlag("f", propertiesOf([item("f", text)]), NO_PROPERTIES, true)).toBe(flag);
  });
});

describe("eligibility", () => {
  const good = {
    type: "IMPALAD",
    host: "node1.example.com",
    port: 21050,
    roleState: "STARTED",
    commissionState: "COMMISSIONED",
    maintenanceMode: false,
    specialization: "NO_SPECIALIZATION",
    healthSummary: "GOOD",
  };

  it("a started, commissioned, healthy coordinator is eligible", () => {
    expect(judgeImpalad(good)).toEqual({ eligible: true, reason: null });
    expect(judgeImpalad({ ...good, specialization: "COORDINATOR_ONLY" }).eligible).toBe(true);
    expect(judgeImpalad({ ...good, specialization: undefined }).eligible).toBe(true);
    expect(judgeImpalad({ ...good, commissionState: undefined }).eligible).toBe(true);
  });

  it.each([
    [{ type: "STATESTORE" }, "role type STATESTORE takes no clients"],
    [{ host: undefined }, "Cloudera Manager gives no host name for it"],
    [{ host: "" }, "Cloudera Manager gives no host name for it"],
    [{ specialization: "EXECUTOR_ONLY" }, "executor only: takes no clients"],
    [{ port: 0 }, "its HiveServer2 port is 0 (off)"],
    [{ port: undefined }, "its HiveServer2 port (hs2_port) is not a port number"],
    [{ commissionState: "DECOMMISSIONED", roleState: "STOPPED" }, "commission state is DECOMMISSIONED"],
    [{ commissionState: "OFFLINING" }, "commission state is OFFLINING"],
    [{ commissionState: "A_NEW_STATE" }, "commission state is A_NEW_STATE"],
    [{ roleState: "STOPPED" }, "role state is STOPPED, not STARTED"],
    [{ roleState: "BUSY" }, "role state is BUSY, not STARTED"],
    [{ roleState: undefined }, "role state is unknown, not STARTED"],
    [{ maintenanceMode: true }, "in maintenance mode"],
    [{ healthSummary: "BAD" }, "health is BAD"],
  ])("%j is not eligible: %s", (change, reason) => {
    const judged = judgeImpalad({ ...good, ...change });
    expect(judged).toEqual({ eligible: false, reason: { en: reason, ja: expect.stringMatching(JAPANESE) } });
  });

  it.each([
    ["CONCERNING", "health is CONCERNING"],
    ["DISABLED", "health is not monitored"],
    ["NOT_AVAILABLE", "health is not known"],
    ["HISTORY_NOT_AVAILABLE", "health is not known"],
    ["SOMETHING_NEW", "health is SOMETHING_NEW"],
    [undefined, "health is not known"],
  ])("health %s keeps it with a note", (healthSummary, note) => {
    const judged = judgeImpalad({ ...good, healthSummary });
    const inBoth = { en: note, ja: expect.stringMatching(JAPANESE) };
    expect(judged).toEqual({ eligible: true, reason: null, note: inBoth });
  });
});

describe("tolerant readers", () => {
  it("drop unknown fields, accept omitted and null ones and values of an enumeration not known yet", () => {
    const result = shaped(RoleList, {
      items: [
        { name: "r1", type: "IMPALAD", roleState: "HIBERNATING", tags: [{ name: "x" }], hostRef: null },
        { name: "r2\u001b[31m", type: "IMPALAD", maintenanceMode: null, healthChecks: [1, 2, 3] },
      ],
      newField: {},
    });
    expect(result).toEqual({
      ok: true,
      value: {
        items: [
          { name: "r1", type: "IMPALAD", roleState: "HIBERNATING", hostRef: null },
          { name: "r2\u001b[31m", type: "IMPALAD", maintenanceMode: null },
        ],
      },
    });
    expect(shaped(RoleList, { items: [] })).toEqual({ ok: true, value: { items: [] } });
  });

  it("name the place that does not fit, never its value", () => {
    const result = shaped(RoleList, { items: [{ name: "r1", type: { secret: "s3cret" } }] });
    expect(result.ok ? "" : result.why.en).toMatch(/items\.0\.type is not string/);
    expect(JSON.stringify(result)).not.toContain("s3cret");
    // A list without items must not pass for an empty one.
    for (const other of ["<html>", [], {}, { message: "sorry" }])
      expect(shaped(RoleList, other).ok).toBe(false);
    expect(shaped(RoleList, null).ok).toBe(false);
  });

  it("a command that is active has no success yet; ids may come as text", () => {
    expect(shaped(Command, { id: "4711", name: "Restart", active: true })).toEqual({
      ok: true,
      value: { id: 4711, name: "Restart", active: true },
    });
    expect(shaped(Command, { id: "1; drop" }).ok).toBe(false);
  });
});
