import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseArguments } from "../../src/cli/parse/arguments.ts";
import { equivalentCommand } from "../../src/cli/parse/command-line.ts";
import { shellWord } from "../../src/domain/words/shell.ts";
import { collectAnswers } from "../../src/setup/answers/sources.ts";
import { typed } from "../setup/support.ts";

/** The words that a POSIX shell makes of a line. */
function shellWords(line: string): string[] {
  const { stdout } = spawnSync("/bin/sh", ["-c", `for word in ${line}; do printf '%s\\0' "$word"; done`], {
    encoding: "utf8",
  });
  return stdout.split("\0").slice(0, -1);
}

describe("the equivalent command", () => {
  it("is read back by a shell as it was meant, whatever is in it", () => {
    const word = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\0"));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), (words) => {
        expect(shellWords(words.map(shellWord).join(" "))).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });

  it("gives the same answers, without the password and without options of that run only", () => {
    const answers = typed({
      hueIni: "/etc/hue/it's here.ini",
      cmUrl: "https://cm.example.com:7183",
      cmUser: "admin",
      cluster: "Cluster 1",
      impalads: [
        { host: "::1", port: 1 },
        { host: "a", port: 2 },
      ],
      restartHue: true,
      force: false,
      cmPasswordStdin: true,
      json: true,
      saveAnswers: "x",
    });
    const [program, ...words] = shellWords(equivalentCommand(answers));
    expect(program).toBe("hue-impala-setup");
    expect(words).toContain("--cm-password-file");
    for (const flag of ["--json", "--cm-password-stdin", "--save-answers", "--force"])
      expect(words).not.toContain(flag);
    const again = collectAnswers(parseArguments(words).flags, {}, undefined);
    const { cmPasswordStdin, json, saveAnswers, force, ...repeated } = answers;
    for (const [key, answer] of Object.entries(repeated)) {
      expect(again[key as keyof typeof again]?.value, key).toEqual(answer.value);
    }
  });
});
