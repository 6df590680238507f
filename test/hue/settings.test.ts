import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfigObj } from "../../src/hue/configobj.ts";
import { type Assignment, assignments } from "../../src/hue/edit/assignments.ts";
import { editHueIni, editValveText } from "../../src/hue/edit.ts";
import { changedSettings, effectiveImpala } from "../../src/hue/effective.ts";
import {
  type AnySetting,
  HUE_SETTINGS,
  SETTING_NAMES,
  sectionLabel,
  settingsLabel,
} from "../../src/hue/settings.ts";
import { OPTIONS } from "../../src/setup/answers/options.ts";
import { examineSettings } from "../../src/setup/doctor/settings.ts";

function set(key: string, value: string): Assignment {
  return { section: ["impala"], key, value };
}

function refused(code: string, why: string): object {
  return expect.objectContaining({
    kind: "settings",
    code,
    message: expect.stringContaining(why),
    hint: expect.stringMatching(/^give /),
  });
}

describe("server_host", () => {
  test.each(["lb.example.com", "localhost", "10.0.0.1", "fd00::1", "::1", "lb_1", "a-b"])(
    "%s is taken",
    (host) => {
      expect(assignments({ serverHost: host })).toEqual([set("server_host", host)]);
    },
  );

  test.each([
    ["", "is empty"],
    ["h1,h2", "a list"],
    ["h1,", "a list"],
    ["lb#x", "comment"],
    ['"lb"', "quote"],
    ["lb's", "quote"],
    ["%(host)s", "replaces by another setting"],
    ["[fd00::1]", "brackets"],
    [" lb", "blank"],
    ["lb ", "blank"],
    ["l b", "blank"],
    ["lb\n", "control character"],
    ["lb\u0000", "control character"],
    ["l\u00a0b", "blank"],
    ["lb:10001", "not a host name"],
    ["-lb", "not a host name"],
    ["100%", "not a host name"],
    ["ｌｂ", "not a host name"],
  ])("%j is refused: %s", (host, why) => {
    expect(() => assignments({ serverHost: host })).toThrow(refused("bad-server-host", why));
  });

  test("whatever is taken, ConfigObj reads back as it is", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV4(), fc.ipV6()), (host) => {
        let text: string | undefined;
        try {
          text = assignments({ serverHost: host })[0]?.value;
        } catch {
          return;
        }
        expect(parseConfigObj(Buffer.from(`k=${text}`))["k"]).toBe(host);
      }),
    );
  });
});

describe("server_port", () => {
  test.each([1, 10001, 65535])("%d is taken", (port) => {
    expect(assignments({ serverPort: port })).toEqual([set("server_port", String(port))]);
  });
  test.each([0, -1, 65536, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("%d is refused", (port) => {
    expect(() => assignments({ serverPort: port })).toThrow(refused("bad-server-port", String(port)));
  });
});

describe("server_conn_timeout", () => {
  test.each([1, 3600, 9_223_372_036])("%d seconds are taken", (seconds) => {
    expect(assignments({ serverConnTimeout: seconds })).toEqual([
      set("server_conn_timeout", String(seconds)),
    ]);
  });
  test.each([
    [0, "fail at once"],
    [-1, "not a number of seconds"],
    [0.5, "not a number of seconds"],
    [9_223_372_037, "not a number of seconds"],
    [Number.NaN, "not a number of seconds"],
  ])("%d is refused: %s", (seconds, why) => {
    expect(() => assignments({ serverConnTimeout: seconds })).toThrow(
      refused("bad-server-conn-timeout", why),
    );
  });
});

test("the three come in Hue's order, and what is left out stays out", () => {
  expect(assignments({ serverConnTimeout: 1, serverPort: 2, serverHost: "h" })).toEqual([
    set("server_host", "h"),
    set("server_port", "2"),
    set("server_conn_timeout", "1"),
  ]);
  expect(assignments({})).toEqual([]);
});

describe.each(SETTING_NAMES)("the table's row %s", (name) => {
  const row: AnySetting = HUE_SETTINGS[name];

  test("has an option of its name", () => {
    expect(OPTIONS[name]).toMatchObject({ group: "hue", path: `hue.${name}` });
  });

  test("is written where Hue reads it, and nothing else with it", () => {
    const before = Buffer.from("[desktop]\n[impala]\n  [[ssl]]\n[x]\n");
    const { bytes, changed } = editHueIni(before, { [name]: row.hueDefault });
    expect(changed).toBe(true);
    expect(changedSettings(before, bytes)).toEqual([name]);
    const { settings, warnings } = effectiveImpala([{ path: "hue.ini", bytes }]);
    expect(settings).toEqual({ [name]: expect.objectContaining({ value: String(row.hueDefault) }) });
    expect(warnings).toEqual([]);
    expect(editValveText(Buffer.from(bytes).toString(), { [name]: row.hueDefault }).changed).toBe(false);
  });

  test("is told in both languages where it is not set, or not at all", () => {
    const said = examineSettings(effectiveImpala([])).filter(({ message }) => message.includes(row.key));
    expect(said).toHaveLength(row.unset === undefined ? 0 : 1);
    for (const { status, text, remedyText } of said) {
      expect(status).toBe(row.unset?.status);
      expect(text.en).toBe(
        `${settingsLabel([name])} is not set: ${row.unset?.advice(row.hueDefault).consequence.en}`,
      );
      expect(text.ja).toMatch(/設定されていません: .*Hue/);
      expect(remedyText?.ja).toMatch(/[\u3040-\u30ff]/);
    }
  });

  test("refuses with its code and key what it cannot take", () => {
    const nothing = typeof row.hueDefault === "number" ? Number.NaN : "";
    expect(() => editHueIni(Buffer.from(""), { [name]: nothing })).toThrow(
      expect.objectContaining({
        kind: "settings",
        code: row.refusal ?? "bad-setting",
        message: expect.stringMatching(`^${row.key} `),
        hint: row.kind.hint.en,
      }),
    );
  });
});

test("settings are named by their sections", () => {
  expect(settingsLabel(["serverHost", "serverPort"])).toBe("[impala] server_host, server_port");
  expect(sectionLabel(["impala", "ssl"])).toBe("[impala] [[ssl]]");
});
