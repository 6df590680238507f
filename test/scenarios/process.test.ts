import { spawn } from "node:child_process";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { acquireLock } from "../../src/system/processes/lock.ts";
import { PASSWORD, PLACES, startManager } from "../support/cloudera.ts";
import { freePort } from "../support/free-port.ts";
import { PROGRAM, plainEnvironment, runProgram } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";

const EXTERNAL = ["--balancer", "external", "--server-host", "lb.example.com", "--server-port", "10001"];

function manager() {
  return startManager({
    description: defaultDescription({
      valve: "[desktop]\n",
      impaladsAt: [{ host: "127.0.0.1", port: 21050 }],
    }),
  });
}

async function withHueIni() {
  const folder = await scratch();
  await writeFile(join(folder, "hue.ini"), "[impala]\n");
  return folder;
}

describe("interrupted by", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s while Cloudera Manager is written to: everything is taken back", async (signal, exit) => {
    const folder = await scratch();
    const cm = await manager();
    cm.setFault({ method: "PUT", fault: { kind: "silent" } });
    let stop: (() => void) | undefined;
    const running = runProgram(
      [
        "--non-interactive",
        "--json",
        "--cm-url",
        cm.url,
        "--cm-user",
        "admin",
        "--listen",
        `127.0.0.1:${await freePort()}`,
        ...PLACES,
        "--admin-listen",
        `127.0.0.1:${await freePort()}`,
      ],
      {
        cwd: folder,
        env: { HUE_IMPALA_SETUP_CM_PASSWORD: PASSWORD },
        onStart: (child) => {
          stop = () => void child.kill(signal);
        },
      },
    );
    const timer = setInterval(() => {
      if (!cm.requests.some(({ method }) => method === "PUT")) return;
      // A second signal would end it at once.
      clearInterval(timer);
      stop?.();
    }, 50);
    const run = await running;
    expect(run.status, run.stdout).toBe(exit);
    const document = JSON.parse(run.stdout);
    expect(document).toMatchObject({ changed: false, error: { code: "interrupted" } });
    expect(document.changes.map(({ status }: { status: string }) => status)).toEqual([
      "rolled-back",
      "rolled-back",
      "rolled-back",
      "failed",
    ]);
    expect(await readdir(folder)).not.toContain("balancer.json");
    expect(cm.state.revisions).toHaveLength(0);
  });
});

describe("a second run", () => {
  it("at the same time waits for nobody: exit 75, nothing changed", async () => {
    const folder = await withHueIni();
    const lock = await acquireLock(join(folder, "state/lock"));
    const words = ["--non-interactive", "--json", "--hue-ini", "hue.ini", ...EXTERNAL, ...PLACES];
    const run = await runProgram(words, { cwd: folder });
    expect(run.status, run.stdout).toBe(75);
    expect(JSON.parse(run.stdout).error.hint).toContain("wait");
    expect(await readFile(join(folder, "hue.ini"), "utf8")).toBe("[impala]\n");
    await lock.release();
    expect((await runProgram(words, { cwd: folder })).status).toBe(0);
  });
});

describe("the password of Cloudera Manager", () => {
  const words = (url: string, ...more: string[]) => [
    "discover",
    "--cm-url",
    url,
    "--cm-user",
    "admin",
    ...more,
  ];

  it("comes from a file; one that others can read gives a warning", async () => {
    const { url } = await manager();
    const folder = await scratch();
    const file = join(folder, "password");
    await writeFile(file, `${PASSWORD}\r\nsecond line\n`, { mode: 0o600 });
    const quiet = await runProgram(words(url, "--cm-password-file", file));
    expect([quiet.status, quiet.stderr]).toEqual([0, ""]);
    await chmod(file, 0o644);
    const warned = await runProgram(words(url, "--cm-password-file", file));
    expect(warned.status).toBe(0);
    expect(warned.stderr).toContain(`chmod 600 ${file}`);
  });

  it("comes from standard input, or from a systemd credential", async () => {
    const { url } = await manager();
    const folder = await scratch();
    await writeFile(join(folder, "cm-password"), PASSWORD, { mode: 0o600 });
    expect((await runProgram(words(url, "--cm-password-stdin"), { input: PASSWORD })).status).toBe(0);
    expect((await runProgram(words(url), { env: { CREDENTIALS_DIRECTORY: folder } })).status).toBe(0);
  });

  it.each([
    ["an empty file", ["--cm-password-file", "empty"], 78, "is empty"],
    ["a missing file", ["--cm-password-file", "nowhere"], 78, "--cm-password-file"],
    ["a folder", ["--cm-password-file", "folder"], 78, "--cm-password-file"],
    ["empty standard input", ["--cm-password-stdin"], 78, "is empty"],
  ] as const)("%s: refused before anybody is asked", async (_, more, exit, part) => {
    const folder = await scratch();
    await writeFile(join(folder, "empty"), "");
    await mkdir(join(folder, "folder"));
    const run = await runProgram(words("http://127.0.0.1:1", ...more), { cwd: folder });
    expect(run.status).toBe(exit);
    expect(run.stderr).toContain(part);
  });
});

describe("streams", () => {
  it("a reader that goes away early is no error", async () => {
    const child = spawn(process.execPath, [PROGRAM, "--help"], {
      env: plainEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += String(chunk);
    });
    const status = await new Promise((resolve) => child.once("close", resolve));
    expect([status, said]).toEqual([0, ""]);
  });

  it.each([
    [["--color", "always"], {}, true],
    [["--color", "always"], { NO_COLOR: "1" }, true],
    [[], { FORCE_COLOR: "1" }, true],
    [[], { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    [["--color", "never"], { FORCE_COLOR: "1" }, false],
    [[], {}, false],
  ])("colours with %j and %j: %s", async (more, env, coloured) => {
    const folder = await withHueIni();
    const words = ["--non-interactive", "--dry-run", "--hue-ini", "hue.ini", ...EXTERNAL, ...PLACES, ...more];
    const run = await runProgram(words, { cwd: folder, env });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout.includes("\u001b[")).toBe(coloured);
  });

  it("speaks Japanese when asked to, and English in codes and JSON", async () => {
    const folder = await withHueIni();
    const words = ["--non-interactive", "--hue-ini", "hue.ini", ...EXTERNAL, ...PLACES];
    const run = await runProgram([...words, "--lang", "ja"], { cwd: folder });
    expect(run.status, run.stderr).toBe(0);
    expect(run.stdout).toContain("完了: 編集 hue.ini");
    expect(run.stdout).toContain("このあと必要な作業:");
    expect(run.stderr).toContain("警告:");
    const refused = await runProgram(["--lang", "ja", "--hue-inni"], { cwd: folder });
    expect(refused.stderr).toContain("エラー:");
    expect(refused.stderr).toContain("対処:");
    const json = await runProgram([...words, "--lang", "ja", "--json"], { cwd: folder });
    expect(json.stdout).not.toMatch(/[\u3040-\u30ff]/);
  });
});
