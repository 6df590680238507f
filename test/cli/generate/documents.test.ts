import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { EXIT_CODES } from "../../../src/cli/exit.ts";
import { catalogueOf } from "../../../src/cli/generate/codes.ts";
import { generatedFiles } from "../../../src/cli/generate/files.ts";
import { manPage } from "../../../src/cli/generate/man.ts";
import { fillSections, SECTIONS } from "../../../src/cli/generate/readme.ts";
import { commandRows, shownOptions, spelled, tableOptions } from "../../../src/cli/generate/rows.ts";
import { missing, title } from "../../support/needs.ts";

describe.skipIf(missing("mandoc"))(title("manual page", "mandoc"), () => {
  const page = manPage("January 1, 2026");

  test("mandoc finds nothing to say", () => {
    const { stdout, stderr } = spawnSync("mandoc", ["-Tlint"], { input: page, encoding: "utf8" });
    // Which other pages this machine has does not matter.
    const said = `${stdout}${stderr}`
      .split("\n")
      .filter((line) => line !== "" && !line.includes("mandoc.db"));
    expect(said).toEqual([]);
  });

  test("shows every command, option, variable and exit code as readers see them", () => {
    const { stdout } = spawnSync("mandoc", ["-Tutf8", "-Owidth=500"], { input: page, encoding: "utf8" });
    let shown = stdout;
    // Overstrike: bold and underline as a terminal gets them.
    while (shown.includes("\b")) shown = shown.replace(/.\u0008/g, "");
    for (const command of commandRows()) {
      if (command.words.length > 0) expect(shown).toContain(`hue-impala-setup ${command.words.join(" ")}`);
      for (const { flag, placeholder } of shownOptions(command)) {
        expect(shown).toContain(placeholder === undefined ? flag : `${flag} ${placeholder}`);
      }
    }
    for (const { environment, help } of tableOptions()) {
      expect(shown).toContain(environment);
      expect(shown.toLowerCase().replace(/\s+/g, " ")).toContain(help.en.toLowerCase());
    }
    const lines = shown
      .toLowerCase()
      .split("\n")
      .map((line) => line.trim().replace(/\s+/g, " "));
    for (const { code, meaning } of EXIT_CODES)
      expect(lines).toContain(`${code} ${meaning.en.toLowerCase()}.`);
  });
});

describe("README tables", () => {
  const empty = SECTIONS.map(
    (name) => `# ${name}\n<!-- ${name}:start -->OLD TEXT<!-- ${name}:end -->\nafter ${name}\n`,
  ).join("\n");

  test.each(["en", "ja"] as const)("fill the marked sections and nothing else (%s)", (lang) => {
    const filled = fillSections(empty, lang);
    expect(fillSections(filled, lang)).toBe(filled);
    expect(filled).not.toContain("OLD TEXT");
    const outside = filled.replace(/(?<=:start -->)[\s\S]*?(?=<!-- [a-z-]+:end)/g, "OLD TEXT");
    expect(outside).toBe(empty);
    for (const option of tableOptions()) {
      const row = filled.split("\n").find((line) => line.startsWith(`| \`${spelled(option)}\` |`)) ?? "";
      expect(row).toContain(option.help[lang].replaceAll("|", "\\|"));
    }
  });

  test("every row has as many cells as its head", () => {
    const tables = fillSections(empty, "en").match(/(?:^\|.*\|\n)+/gm) ?? [];
    expect(tables).toHaveLength(SECTIONS.length);
    for (const table of tables) {
      const cells = table
        .trimEnd()
        .split("\n")
        .map((line) => line.replaceAll("\\|", "").split("|").length);
      expect(new Set(cells).size).toBe(1);
    }
  });

  test("a page without markers stays as it is", () => {
    expect(fillSections("# No tables\n", "en")).toBe("# No tables\n");
    expect(generatedFiles(new Map([["README.md", "plain\n"]]), catalogueOf([])).get("README.md")).toBe(
      "plain\n",
    );
  });
});
