import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { PASSWORD, PLACES, startManager } from "../support/cloudera.ts";
import { runProgram } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";

const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;

/** Lines with words, but none in Japanese. */
function english(text: string): string[] {
  return text.split("\n").filter((line) => /[A-Za-z]{2} [a-z]{2}/.test(line) && !JAPANESE.test(line));
}

function manager() {
  return startManager({
    description: defaultDescription({
      valve: "[desktop]\n",
      impaladsAt: [{ host: "127.0.0.1", port: 21050 }],
    }),
  });
}

describe("with --lang ja people read Japanese:", () => {
  it.each([
    [
      "an option that does not exist",
      ["--hue-inni", "x"],
      64,
      "エラー: '--hue-inni' というオプションはありません",
    ],
    [
      "a value that is none",
      ["--non-interactive", "--server-port", "x"],
      78,
      "はポート (1〜65535) ではありません",
    ],
    ["several of them", ["--server-port", "x", "--balance", "y"], 78, "2 個の設定が正しくありません"],
    ["a file that is not there", ["--answers", "none.yaml"], 78, "存在しません (ENOENT, open"],
    ["no terminal", [], 64, "質問するための端末がありません"],
    ["settings that are missing", ["--non-interactive", "--target", "hue-ini"], 78, "設定が 2 個足りません"],
    ["nothing to undo", ["undo", "--yes", "--state-dir", "state"], 1, "適用の記録がありません"],
  ])("%s", async (_, args, exit, words) => {
    const run = await runProgram([...args, "--lang", "ja"], { cwd: await scratch() });
    expect(run.status).toBe(exit);
    expect(run.stderr).toContain(words);
    expect(english(run.stderr)).toEqual([]);
    expect(run.stdout).toBe("");
  });

  it("a warning and what Cloudera Manager knows", async () => {
    const folder = await scratch();
    const cm = await manager();
    await writeFile(join(folder, "cm.pw"), PASSWORD);
    await chmod(join(folder, "cm.pw"), 0o644);
    const login = ["--cm-url", cm.url, "--cm-user", "admin", "--cm-password-file", "cm.pw"];
    const { status, stdout, stderr } = await runProgram(["discover", ...login, "--verbose", "--lang", "ja"], {
      cwd: folder,
    });
    expect(status).toBe(0);
    expect(stderr).toContain("警告: cm.pw は所有者以外も読み取れます");
    expect(stderr).toContain("Cloudera Manager にログインしています");
    expect(english(stderr)).toEqual([]);
    expect(stdout.split("\n")[0]).toContain("使用可");
    expect(english(stdout)).toEqual([]);
  });

  it("a plan, what was done, what is left to do, and the doctor; JSON stays English", async () => {
    const folder = await scratch();
    await writeFile(join(folder, "hue.ini"), "[impala]\nserver_host=old.example.com\n");
    const args = [
      ...["--non-interactive", "--hue-ini", "hue.ini", "--balancer", "external"],
      ...["--server-host", "127.0.0.1", "--server-port", "1", ...PLACES],
    ];
    const shown = await runProgram([...args, "--dry-run", "--lang", "ja"], { cwd: folder });
    expect(shown.status).toBe(0);
    expect(english(shown.stderr)).toEqual([]);

    const applied = await runProgram([...args, "--lang", "ja"], { cwd: folder });
    expect({ status: applied.status, stderr: english(applied.stderr) }).toEqual({ status: 0, stderr: [] });
    expect(applied.stdout).toContain("完了: 編集 ");
    expect(english(applied.stdout)).toEqual([]);

    const doctor = ["doctor", "--hue-ini", "hue.ini", "--spec", "balancer.json"];
    const seen = await runProgram([...doctor, "--lang", "ja"], { cwd: folder });
    expect(seen.status).toBe(1);
    expect(seen.stdout).toContain("問題");
    expect(english(seen.stdout)).toEqual([]);
    const json = await runProgram([...doctor, "--json", "--lang", "ja"], { cwd: folder });
    expect(json.stdout).not.toMatch(JAPANESE);
  });

  it("where settings come from", async () => {
    const { stdout } = await runProgram(
      ["config", "show", "--listen", "0.0.0.0:1", ...PLACES, "--lang", "ja"],
      {
        cwd: await scratch(),
      },
    );
    expect(stdout).toMatch(/--listen +0\.0\.0\.0:1 +オプション \(--listen\)/);
    expect(stdout).toMatch(/--server-port +1 +既定値 \(--listen 0\.0\.0\.0:1 から\)/);
    expect(english(stdout)).toEqual([]);
  });
});
