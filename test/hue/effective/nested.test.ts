import { describe, expect, test } from "vitest";
import type { ConfFile } from "../../../src/hue/effective.ts";
import { effectiveSettings } from "../../../src/hue/effective.ts";
import type { SettingRow } from "../../../src/hue/settings.ts";

/** A setting of a nested section, as the table may come to have. */
const ENABLED: SettingRow<string> = {
  section: ["impala", "ssl"],
  key: "enabled",
  hueDefault: "false",
  kind: {
    hint: { en: "", ja: "" },
    fault: () => undefined,
    judge: (key, { value, path, line }) => [{ code: "seen", message: `${path}:${line} ${key}=${value}` }],
  },
};

const file = (path: string, text: string): ConfFile => ({ path, bytes: Buffer.from(text) });
const read = (...files: ConfFile[]) => effectiveSettings(files, { enabled: ENABLED });
const warnings = (...files: ConfFile[]) =>
  read(...files).warnings.flatMap(({ code, message }) => (code === "seen" ? [] : [`${code}: ${message}`]));

describe("a setting of [impala] [[ssl]]", () => {
  test("later files win, key by key, each with its place; it is judged as the table says", () => {
    const { settings, warnings: all } = read(
      file("a.ini", "[impala]\n[[ssl]]\nenabled=true\n"),
      file("b.ini", "[impala]\na=1\n[[other]]\nenabled=maybe\n"),
      file("c.ini", "h=no\n[impala]\n[[ssl]]\nenabled=%(h)s\n"),
    );
    expect(settings).toEqual({ enabled: { value: "no", path: "c.ini", line: 4 } });
    expect(all.map(({ code }) => code)).toEqual(["set-in-several-files", "seen"]);
    expect(all[1]?.message).toBe("c.ini:4 enabled=no");
  });

  test("a later file takes the section away, or the one above it", () => {
    const a = file("a.ini", "[impala]\n[[ssl]]\nenabled=true\n");
    expect(read(a, file("b.ini", "[impala]\nssl=1\n")).settings).toEqual({});
    expect(read(a, file("b.ini", "impala=1\n")).settings).toEqual({});
    expect(read(a, file("b.ini", "[impala]\n[[x]]\n")).settings.enabled?.value).toBe("true");
  });

  test("a section's name that has a value", () => {
    expect(warnings(file("a.ini", "[impala]\nssl=1\n"))).toEqual([
      "impala-is-a-value: a.ini:2: ssl has a value here, so that Hue finds no section [[ssl]]",
    ]);
    expect(warnings(file("a.ini", "impala=1\n"))).toEqual([
      "impala-is-a-value: a.ini:1: impala has a value here, so that Hue finds no section [impala]",
    ]);
    expect(warnings(file("a.ini", "[x]\nssl=1\nimpala=2\n"))).toEqual([]);
  });

  test("nearly the right section", () => {
    expect(warnings(file("a.ini", "enabled=1\n[impala]\nenabled=1\n[ssl]\nenabled=1\n"))).toEqual([
      "key-outside-section: a.ini:1: enabled stands above any section and has no effect; it belongs below [impala] [[ssl]]",
      "key-in-other-section: a.ini:3: enabled stands in [impala], not in [impala] [[ssl]], and has no effect",
      "key-in-other-section: a.ini:5: enabled stands in [ssl], not in [impala] [[ssl]], and has no effect",
    ]);
    expect(
      warnings(
        file(
          "a.ini",
          "[beeswax]\nenabled=1\n[[ssl]]\nenabled=1\n[impala]\n[[x]]\nenabled=1\n[ssl]\n[[y]]\nenabled=1\n",
        ),
      ),
    ).toEqual([]);
  });
});
