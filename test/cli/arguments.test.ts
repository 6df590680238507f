import { describe, expect, it } from "vitest";
import { languageFor } from "../../src/cli/language.ts";
import { parseArguments } from "../../src/cli/parse/arguments.ts";
import { COMMANDS } from "../../src/cli/parse/command-table.ts";
import { coloursFor } from "../../src/cli/streams.ts";
import { Failure } from "../../src/domain/failure.ts";

function refusal(...argv: string[]): Failure {
  try {
    parseArguments(argv);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`${argv.join(" ")} was accepted`);
}

describe("the command line", () => {
  it.each(COMMANDS.map(({ words }) => [words.join(" ")] as const))(
    "%s has help, short and full, before and after it",
    (name) => {
      const words = name.split(" ").filter(Boolean);
      expect(parseArguments([...words, "--help"])).toMatchObject({ help: "full" });
      expect(parseArguments([...words, "-h"])).toMatchObject({ help: "short" });
      expect(parseArguments(["help", ...words]).command.words).toEqual(words);
    },
  );

  it("options may stand before a command or after it, with a blank or an equals sign; repeated ones gather", () => {
    const { command, flags } = parseArguments(["--json", "discover", "--cm-url=cm", "--cm-user", "a b"]);
    expect(command.words).toEqual(["discover"]);
    expect(flags).toEqual({ json: ["true"], cmUrl: ["cm"], cmUser: ["a b"] });
    expect(parseArguments(["--impalad", "a", "--impalad", "b,c"]).flags).toEqual({ impalads: ["a", "b,c"] });
  });

  it("a value may look like an option that does not exist, be empty, or hold an equals sign", () => {
    expect(
      parseArguments(["--hue-ini", "-x", "--cm-user=", "--cluster=a=b", "--answers", "-"]).flags,
    ).toEqual({
      hueIni: ["-x"],
      cmUser: [""],
      cluster: ["a=b"],
      answers: ["-"],
    });
  });

  it("--version is understood beside a command, and wherever it stands", () => {
    expect(parseArguments(["discover", "--json", "--version"])).toMatchObject({ version: true });
    expect(parseArguments(["--version", "--json"])).toMatchObject({
      version: true,
      flags: { json: ["true"] },
    });
  });

  it("options of one command are read like all others", () => {
    const { flags, argument } = parseArguments(["balancer", "drain", "a", "--wait", "--socket", "/s"]);
    expect({ flags, argument }).toEqual({ flags: { wait: ["true"], socket: ["/s"] }, argument: "a" });
  });

  it("a family of commands alone shows its commands", () => {
    expect(parseArguments(["balancer"])).toMatchObject({ help: "full", family: "balancer" });
  });

  it.each([
    [["--hue-inni", "x"], "unknown-option", "--hue-ini"],
    [["discovr"], "unknown-command", "discover"],
    [["balancer", "rin"], "unknown-command", "balancer run"],
    [["discover", "--balance", "source"], "unknown-option", "--help"],
    [["--balance", "source", "discover"], "unknown-option", "--help"],
    [["--hue-ini"], "option-missing-argument", "--help"],
    [["--hue-ini", "--json"], "invalid-argument", "--help"],
    [["--json=yes"], "unknown-option", "--help"],
    [["balancer", "drain"], "missing-argument", "--help"],
    [["balancer", "drain", "a", "b"], "too-many-arguments", "--help"],
    [["completion", "tcsh"], "bad-argument", "--help"],
    [["balancer", "run", "--log-format", "xml"], "invalid-argument", "--help"],
    [["undo", "now"], "unknown-command", "--help"],
    [["undo", "--wait"], "unknown-option", "--help"],
    [["-x"], "unknown-option", "--help"],
    [["--versoin"], "unknown-option", "did you mean --version?"],
  ])("%j: %s, and what to do", (argv, code, hint) => {
    const failure = refusal(...argv);
    expect(failure).toMatchObject({ kind: "usage", code });
    expect(failure.hint).toContain(hint);
  });
});

describe("the language", () => {
  it.each([
    [undefined, {}, "en"],
    ["ja", {}, "ja"],
    ["en", { LC_ALL: "ja_JP.UTF-8" }, "en"],
    [undefined, { LANG: "ja_JP.UTF-8" }, "ja"],
    [undefined, { LANG: "ja_JP.utf8" }, "ja"],
    [undefined, { LANG: "ja_JP.eucJP" }, "en"],
    [undefined, { LANG: "ja_JP.UTF-8", LC_ALL: "C" }, "en"],
    [undefined, { LANG: "C", LC_MESSAGES: "ja_JP.UTF-8" }, "ja"],
    [undefined, { LANG: "jam_JM.UTF-8" }, "en"],
  ] as const)("--lang %s with %j is %s", (choice, environment, language) => {
    expect(languageFor(choice, environment)).toBe(language);
  });
});

describe("colours", () => {
  it.each([
    ["auto", true, {}, true],
    ["auto", true, { TERM: "dumb" }, false],
    ["auto", true, { NO_COLOR: "1" }, false],
    ["auto", true, { NO_COLOR: "" }, true],
    ["auto", false, {}, false],
    ["auto", false, { CLICOLOR_FORCE: "1" }, true],
    ["auto", false, { FORCE_COLOR: "0" }, false],
    ["never", true, { FORCE_COLOR: "1" }, false],
    ["always", false, { NO_COLOR: "1" }, true],
  ] as const)("--color %s, terminal %s, %j: %s", (choice, isTTY, environment, coloured) => {
    expect(coloursFor({ isTTY }, choice, environment).red("x") !== "x").toBe(coloured);
  });
});
