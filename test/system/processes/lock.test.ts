import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, onTestFinished, test } from "vitest";
import { acquireLock } from "../../../src/system/processes/lock.ts";
import { isAlive, thisProcess } from "../../../src/system/processes/process-id.ts";
import { temporaryFolder } from "../files/editor.ts";

const top = temporaryFolder();
let locks = 0;

function lockPath(): string {
  locks += 1;
  return join(top, `${locks}`, "state", "lock");
}

function files(path: string): string[] {
  return readdirSync(join(path, ".."));
}

describe("acquireLock", () => {
  test("holds until released, makes its folder for this user alone, and leaves nothing", async () => {
    const path = lockPath();
    const lock = await acquireLock(path);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
    expect(files(path).length).toBe(1);
    await lock.release();
    await lock.release();
    expect(files(path)).toEqual([]);
    await (await acquireLock(path)).release();
  });

  test("the second run is told which process holds it", async () => {
    const path = lockPath();
    const lock = await acquireLock(path);
    await expect(acquireLock(path)).rejects.toMatchObject({
      kind: "locked",
      code: "locked",
      message: `another run (process ${process.pid}) holds the lock ${path}`,
    });
    expect(files(path).length).toBe(1);
    await lock.release();
  });

  test.each([
    ["has ended", (name: string) => name.replace(`-${process.pid}-`, "-4194304-")],
    ["had the same number as a later one", (name: string) => name.replace(/^lock\.\d+/, "lock.000000000001")],
    ["ran before a reboot", (name: string) => name.replace(/-[0-9a-f]{32}-/, `-${"0".repeat(32)}-`)],
  ])("the lock of a process that %s counts for nothing and goes", async (_what, rename) => {
    const path = lockPath();
    const ended = await acquireLock(path);
    const [name = ""] = files(path);
    onTestFinished(() => ended.release());
    renameSync(join(path, "..", name), join(path, "..", rename(name)));
    const lock = await acquireLock(path);
    expect(files(path).length).toBe(1);
    await lock.release();
    expect(files(path)).toEqual([]);
  });

  test("of a process on another host nobody can tell: the file to remove is named", async () => {
    const path = lockPath();
    const ended = await acquireLock(path);
    const [name = ""] = files(path);
    onTestFinished(() => ended.release());
    const theirs = name
      .replace(`-${process.pid}-`, "-4194304-")
      .replace(`@${hostname()}`, "@edge2.example.com");
    renameSync(join(path, "..", name), join(path, "..", theirs));
    await expect(acquireLock(path)).rejects.toMatchObject({
      kind: "locked",
      message: expect.stringContaining("on edge2.example.com"),
      hint: expect.stringContaining(theirs),
    });
    expect(files(path)).toEqual([theirs]);
  });

  test("other files in the folder are left alone", async () => {
    const path = lockPath();
    mkdirSync(join(path, ".."), { recursive: true });
    const names = ["lock", "lock.1-2-3-4", "lock.journal", "journal.json"];
    for (const name of names) writeFileSync(join(path, "..", name), "");
    await (await acquireLock(path)).release();
    expect(files(path).sort()).toEqual(names.sort());
  });

  describe.skipIf(process.getuid?.() !== 0)("as another user [needs root, to become one]", () => {
    test("a folder that may not be written to: permission denied", async () => {
      const path = lockPath();
      mkdirSync(join(path, ".."), { recursive: true });
      chmodSync(join(path, ".."), 0o755);
      process.seteuid?.(65534);
      try {
        await expect(acquireLock(path)).rejects.toMatchObject({ kind: "auth", code: "denied" });
      } finally {
        process.seteuid?.(0);
      }
    });
  });

  test("many processes at once, some of them killed while they hold it: never two at a time", async () => {
    const program = join(top, "contend.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("../../../fixtures/crash/contend.main.ts", import.meta.url))],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
    });
    const path = lockPath();
    const log = join(top, "contend.log");
    writeFileSync(log, "");
    const run = (kill: boolean): Promise<void> =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [program, path, log, kill ? "die" : "release"], {
          stdio: "inherit",
        });
        child.on("error", reject);
        child.on("close", () => resolve());
      });
    await Promise.all([false, true, false, true, false, true].map(run));
    let inside: string | undefined;
    let taken = 0;
    for (const line of readFileSync(log, "utf8").trim().split("\n")) {
      const [pid, what] = line.split(" ");
      if (what === "in") {
        expect(inside, line).toBeUndefined();
        inside = pid;
        taken += 1;
      } else {
        expect(pid).toBe(inside);
        inside = undefined;
      }
    }
    expect(taken).toBe(3 * 20 + 3);
    expect(files(path).filter((name) => name.includes(`-${process.pid}-`))).toEqual([]);
    await (await acquireLock(path)).release();
    expect(files(path)).toEqual([]);
  });
});

describe("isAlive", () => {
  test("knows this process, not one with the same number and another start", () => {
    const me = thisProcess();
    expect(isAlive(me)).toBe(true);
    expect(isAlive({ ...me, start: me.start - 1 })).toBe(false);
    expect(isAlive({ pid: me.pid, start: 0 })).toBe(true);
    expect(isAlive({ pid: 4194304, start: 0 })).toBe(false);
  });

  test("a process that has ended but has not been reaped is dead", async () => {
    // The shell becomes a program that does not wait for the child that the shell has started.
    const parent = spawn("sh", ["-c", "sleep 600 & echo $!; exec tail -f /dev/null"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const pid = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
      while (readFileSync(`/proc/${parent.pid}/comm`, "utf8") !== "tail\n") {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      process.kill(pid, "SIGKILL");
      let stat = "";
      do {
        stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        await new Promise((resolve) => setTimeout(resolve, 5));
      } while (!/\) Z /.test(stat));
      const start = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
      expect(isAlive({ pid, start })).toBe(false);
    } finally {
      parent.kill("SIGKILL");
    }
  });
});
