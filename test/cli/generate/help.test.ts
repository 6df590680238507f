import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EXIT_CODES } from "../../../src/cli/exit.ts";
import { examplesOf } from "../../../src/cli/generate/examples.ts";
import { familyHelp, helpText } from "../../../src/cli/generate/help.ts";
import { commandName, commandRows, shownOptions } from "../../../src/cli/generate/rows.ts";
import { displayWidth, wrap } from "../../../src/cli/render/width.ts";

const cases = commandRows().flatMap((command) =>
  (["en", "ja"] as const).map((lang) => [commandName(command), lang, command] as const),
);

describe.each(cases)("help of %s in %s", (name, lang, command) => {
  const text = helpText(command, lang);

  test("begins with usage, then three examples", () => {
    expect(text.split("\n")[0]).toContain(`: ${name}`);
    const lines = text.split("\n").slice(0, 16);
    for (const { line } of examplesOf(command)) expect(lines).toContain(`  ${line}`);
  });

  test("names every option with default, environment name and, once, its text", () => {
    const words = text.replace(/\s+/g, "");
    for (const option of shownOptions(command)) {
      expect(text).toMatch(new RegExp(`^  (-h, )?${option.flag}( |$)`, "m"));
      expect(words).toContain(option.help[lang].replace(/\s+/g, ""));
      if (option.environment !== undefined) expect(text).toContain(`[${option.environment}]`);
      if (option.defaultText !== undefined)
        expect(words).toContain(option.defaultText[lang].replace(/\s+/g, ""));
    }
  });

  test("lists the exit codes", () => {
    for (const { code } of EXIT_CODES) expect(text).toMatch(new RegExp(`^  ${code} +\\S`, "m"));
  });

  test("fits 80 columns but for the examples, and has no blank at a line's end", () => {
    const examples = examplesOf(command).map(({ line }) => `  ${line}`);
    const wide = text.split("\n").filter((line) => displayWidth(line) > 80 && !examples.includes(line));
    expect(wide).toEqual([]);
    expect(text).not.toMatch(/[ \t]$/m);
    expect(text.endsWith("\n") && !text.endsWith("\n\n")).toBe(true);
  });

  test("the short form leaves out environment names and exit codes, never an option", () => {
    const short = helpText(command, lang, { form: "short" });
    expect(short).not.toContain("[HUE_IMPALA_SETUP_");
    expect(short.length).toBeLessThan(text.length);
    for (const { flag } of shownOptions(command)) expect(short).toContain(flag);
  });
});

describe("help", () => {
  test("of a word that leads to commands lists them", () => {
    const text = familyHelp("balancer", "en") ?? "";
    for (const command of commandRows().filter(({ words }) => words[0] === "balancer")) {
      expect(text).toContain(`  ${command.words.join(" ")}`);
    }
    expect(familyHelp("discover", "en")).toBeUndefined();
    expect(familyHelp("nonsense", "en")).toBeUndefined();
  });

  test("of the set-up lists every command", () => {
    const [setup, ...others] = commandRows();
    const text = setup === undefined ? "" : helpText(setup, "en");
    for (const { words } of others) expect(text).toMatch(new RegExp(`^  ${words.join(" ")} `, "m"));
  });

  test("uses the width it is given, from 60 to 100 columns", () => {
    const [setup] = commandRows();
    const widest = (width: number): number => {
      const examples = setup === undefined ? [] : examplesOf(setup).map(({ line }) => `  ${line}`);
      const lines = setup === undefined ? [] : helpText(setup, "en", { width }).split("\n");
      return Math.max(...lines.filter((line) => !examples.includes(line)).map(displayWidth));
    };
    expect(widest(100)).toBeGreaterThan(80);
    expect(widest(1000)).toBeLessThanOrEqual(100);
  });
});

describe("wrapping", () => {
  const texts = fc.string({
    unit: fc.constantFrom("a", "b", "-", " ", "日", "本", "。", "（", "）", "ッ"),
    maxLength: 60,
  });

  test("keeps every character but blanks at the breaks", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 30 }), (text, columns) => {
        expect(wrap(text, columns).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });

  test("fits the columns where the text can be broken", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 12, max: 30 }), (text, columns) => {
        fc.pre(!/[^ 日本]{12}/.test(text));
        for (const line of wrap(text, columns * 2))
          expect(displayWidth(line)).toBeLessThanOrEqual(columns * 2);
      }),
    );
  });

  test("never begins a line with what Japanese puts at an end, nor ends one with what opens", () => {
    expect(wrap("日本語。日本語", 6)).toEqual(["日本", "語。日", "本語"]);
    expect(wrap("日本（日本）", 6)).toEqual(["日本", "（日", "本）"]);
    expect(wrap("one two  three", 8)).toEqual(["one two", "three"]);
  });
});
