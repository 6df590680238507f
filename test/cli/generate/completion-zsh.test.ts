import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "@lydell/node-pty";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { completion } from "../../../src/cli/generate/completion/completion.ts";
import { missing, title } from "../../support/needs.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
  writeFileSync(join(folder, "_hue-impala-setup"), completion("zsh"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const SETUP = `PS1='' PROMPT_EOL_MARK='' LISTMAX=1000
fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; unsetopt beep
zstyle ':completion:*' list-colors ''; bindkey '^I' complete-word
print rea''dy`;

/** What a real zsh shows after the text and a TAB, in a terminal, until `until` is on it. */
function completed(text: string, until: string): Promise<string> {
  const zsh = spawn("/usr/bin/zsh", ["-f", "-i"], {
    cwd: folder,
    cols: 200,
    rows: 100,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, TERM: "dumb", LC_ALL: "C.UTF-8" },
  });
  return new Promise((resolve, reject) => {
    let shown = "";
    let typed = false;
    const limit = setTimeout(() => {
      zsh.kill("SIGKILL");
      reject(new Error(`no "${until}" in: ${JSON.stringify(shown)}`));
    }, 40_000);
    zsh.onData((data) => {
      shown += data;
      if (!typed && shown.includes("ready")) {
        typed = true;
        shown = "";
        zsh.write(`${text}\t`);
      } else if (typed && shown.includes(until)) {
        clearTimeout(limit);
        zsh.kill("SIGKILL");
        resolve(shown);
      }
    });
    zsh.write(`${SETUP}\n`);
  });
}

describe.skipIf(missing("zsh"))(title("zsh completion", "zsh"), () => {
  test("is valid zsh", () => {
    const { status, stderr } = spawnSync("zsh", ["-n", join(folder, "_hue-impala-setup")], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });

  test("can be sourced too, as `source <(hue-impala-setup completion zsh)` does", () => {
    const script = `autoload -Uz compinit; compinit -u -D; source ./_hue-impala-setup; print $_comps[hue-impala-setup]`;
    const { stdout } = spawnSync("zsh", ["-f", "-c", script], { cwd: folder, encoding: "utf8" });
    expect(stdout).toBe("_hue_impala_setup\n");
  });

  test.each([
    ["hue-impala-setup balan", "hue-impala-setup balancer "],
    ["hue-impala-setup balancer relo", "hue-impala-setup balancer reload "],
    ["hue-impala-setup --target clou", "hue-impala-setup --target cloudera-manager "],
    ["hue-impala-setup discover --impala-s", "hue-impala-setup discover --impala-service="],
    ["hue-impala-setup balancer drain impala1 --wa", "hue-impala-setup balancer drain impala1 --wait "],
    ["hue-impala-setup completion z", "hue-impala-setup completion zsh "],
  ])("completes %s", async (text, result) => {
    const shown = await completed(text, result.slice(text.length).trimEnd());
    expect(shown).toContain(result.slice(text.length).trimEnd());
  });
});
