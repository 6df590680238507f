import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completion } from "../../../src/cli/generate/completion/completion.ts";
import { commandName, commandRows, shownOptions } from "../../../src/cli/generate/rows.ts";
import { missing, title } from "../../support/needs.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
  writeFileSync(join(folder, "completion.bash"), completion("bash"));
  writeFileSync(join(folder, "answers file.yaml"), "");
  writeFileSync(join(folder, "answers.json"), "");
  mkdirSync(join(folder, "answers.d"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function bash(script: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync("bash", ["--noprofile", "--norc", "-c", script, "bash", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
}

/** What a real bash offers for the last word, the words split as readline splits them. */
function offered(...words: string[]): string[] {
  const script = `set -u
    source ./completion.bash
    [[ $(complete -p hue-impala-setup) == "complete -F _hue_impala_setup hue-impala-setup" ]] || exit 9
    COMP_WORDS=(hue-impala-setup "$@"); COMP_CWORD=$#; COMP_LINE="\${COMP_WORDS[*]}"; COMP_POINT=\${#COMP_LINE}
    _hue_impala_setup hue-impala-setup "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
    [[ \${#COMPREPLY[@]} -eq 0 ]] || printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = bash(script, ...words);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.split("\n").filter((line) => line !== "");
}

describe("bash completion", () => {
  test("offers the commands first", () => {
    const first = new Set(commandRows().flatMap(({ words }) => words.slice(0, 1)));
    expect(new Set(offered(""))).toEqual(first);
    expect(offered("bal")).toEqual(["balancer"]);
    expect(offered("balancer", "r")).toEqual(["run", "ready", "reload"]);
    expect(offered("completion", "")).toEqual(["bash", "zsh"]);
  });

  test.each(commandRows().map((row) => [commandName(row), row] as const))(
    "offers every option of %s",
    (_, command) => {
      const argument = command.argument === undefined ? [] : [command.argument.choices?.[0] ?? "impala1"];
      const flags = shownOptions(command).map(({ flag }) => flag);
      expect(new Set(offered(...command.words, ...argument, "--"))).toEqual(new Set(flags));
    },
  );

  test("finds the command behind options and their values", () => {
    expect(offered("--lang", "ja", "--json", "disc")).toEqual(["discover"]);
    expect(offered("--lang", "=", "ja", "discover", "--hue-s")).toEqual(["--hue-service"]);
    expect(offered("discover", "--cluster", "balancer", "--hue-i")).toEqual([]);
  });

  test("offers the fixed values of an option, after a blank and after =", () => {
    expect(offered("--target", "")).toEqual(["hue-ini", "cloudera-manager"]);
    expect(offered("--target", "clo")).toEqual(["cloudera-manager"]);
    expect(offered("--target", "=")).toEqual(["hue-ini", "cloudera-manager"]);
    expect(offered("--target", "=", "hue")).toEqual(["hue-ini"]);
    // COMP_WORDBREAKS without =
    expect(offered("--target=hue")).toEqual(["--target=hue-ini"]);
    expect(offered("balancer", "run", "--log-format", "j")).toEqual(["json"]);
  });

  test("offers files with their blanks, folders for folders, nothing for free text", () => {
    expect(offered("--answers", "ans").toSorted()).toEqual([
      "answers file.yaml",
      "answers.d",
      "answers.json",
    ]);
    expect(offered("--state-dir", "ans")).toEqual(["answers.d"]);
    expect(offered("--cluster", "")).toEqual([]);
  });

  test("ends after the command's argument with its options", () => {
    expect(offered("balancer", "drain", "impala1", "--w")).toEqual(["--wait"]);
    expect(offered("discover", "--no-such")).toEqual([]);
  });
});

describe.skipIf(missing("shellcheck"))(title("bash completion, linted", "shellcheck"), () => {
  test("shellcheck finds nothing", () => {
    const { status, stdout } = spawnSync("shellcheck", ["--shell=bash", join(folder, "completion.bash")], {
      encoding: "utf8",
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });
});
