import { describe, expect, test } from "vitest";
import { EXIT_CODES, exitCodeOf } from "../../../src/cli/exit.ts";
import { examplesOf } from "../../../src/cli/generate/examples.ts";
import {
  commandName,
  commandRows,
  PROGRAM,
  shownOptions,
  tableOptions,
} from "../../../src/cli/generate/rows.ts";
import { parseArguments } from "../../../src/cli/parse/arguments.ts";
import { parseEndpoint } from "../../../src/domain/endpoint.ts";
import { choicesOf } from "../../../src/setup/answers/option.ts";

/** Words of a command line; double quotes group, nothing else is special in the examples. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

describe("option and command tables", () => {
  test("a flag takes the same kind of value in every command", () => {
    const kinds = new Map<string, string>();
    for (const command of commandRows()) {
      for (const { flag, type, placeholder } of shownOptions(command)) {
        const kind = JSON.stringify([type, placeholder]);
        expect([flag, kinds.get(flag) ?? kind]).toEqual([flag, kind]);
        kinds.set(flag, kind);
      }
    }
  });

  test("flags, environment names and answers paths are unique, and no path is the beginning of another", () => {
    const options = tableOptions();
    const flags = options.map(({ flag }) => flag);
    const paths = options.flatMap(({ path }) => (path === undefined ? [] : [path]));
    expect(new Set(flags).size).toBe(flags.length);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.filter((path) => paths.some((other) => other.startsWith(`${path}.`)))).toEqual([]);
    for (const { flag, environment } of options) {
      expect(flag).toMatch(/^--[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(environment).toMatch(/^HUE_IMPALA_SETUP_[A-Z0-9_]+$/);
    }
  });

  test("plain flags have no placeholder, all others have one", () => {
    const all = commandRows().flatMap(shownOptions);
    expect(
      all.filter(({ type, placeholder }) => (type.kind === "flag") !== (placeholder === undefined)),
    ).toEqual([]);
  });

  test("every text is there in English and in Japanese", () => {
    const texts = [
      ...commandRows().map(({ help }) => help),
      ...commandRows()
        .flatMap(shownOptions)
        .map(({ help }) => help),
      ...commandRows()
        .flatMap(examplesOf)
        .map(({ note }) => note),
      ...EXIT_CODES.map(({ meaning }) => meaning),
    ];
    for (const { en, ja } of texts) {
      expect(en).toMatch(/^[\x20-\x7e]+$/);
      expect(ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    }
  });

  test("every kind of failure has an exit code of the table", () => {
    const kinds = [
      "failed",
      "partial",
      "usage",
      "unparsable",
      "unreachable",
      "locked",
      "auth",
      "settings",
      "interrupted",
    ] as const;
    expect(kinds.map(exitCodeOf)).toEqual([1, 3, 64, 65, 69, 75, 77, 78, 130]);
    const codes = EXIT_CODES.map(({ code }) => code);
    expect(codes).toEqual([0, 1, 2, 3, 64, 65, 69, 75, 77, 78, 130, 143]);
  });
});

describe.each(commandRows().map((command) => [commandName(command), command] as const))(
  "examples of %s",
  (_, command) => {
    test("are three", () => {
      expect(examplesOf(command)).toHaveLength(3);
    });

    test.each(examplesOf(command).map(({ line }) => line))("%s is valid", (line) => {
      const inner = line.replace(/^source <\((.*)\)$/, "$1").replace(/ > \S+$/, "");
      const [program, ...rest] = words(inner);
      expect(program).toBe(PROGRAM);
      expect(rest.slice(0, command.words.length)).toEqual([...command.words]);
      const positional: string[] = [];
      const options = new Map(shownOptions(command).map((option) => [option.flag, option]));
      const typed = rest.slice(command.words.length);
      for (let word = typed.shift(); word !== undefined; word = typed.shift()) {
        if (!word.startsWith("--")) {
          positional.push(word);
          continue;
        }
        const option = options.get(word);
        expect(option, `${word} is an option of this command`).toBeDefined();
        if (option === undefined || option.type.kind === "flag") continue;
        const value = typed.shift();
        expect(value, `${word} has a value`).toMatch(/^[^-]/);
        if (option.type.kind === "choice") expect(choicesOf(option.type)).toContain(value);
        const { type } = option;
        if (type.kind === "endpoint")
          expect(() => parseEndpoint(value ?? "", type.defaultPort)).not.toThrow();
      }
      const understood = parseArguments(rest);
      expect(understood.command.words).toEqual([...command.words]);
      expect(understood.help).toBeUndefined();
      expect(positional).toHaveLength(command.argument === undefined ? 0 : 1);
      const choices = command.argument?.choices;
      if (choices !== undefined) expect(choices).toContain(positional[0]);
    });
  },
);
