import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROGRAM, plainEnvironment, runProgram } from "../support/program.ts";

const SETUP = ["--non-interactive", "--dry-run", "--balancer", "external", "--server-host", "lb.example.com"];
const CLOUDERA = ["discover", "--cm-user", "admin", "--cm-url"];

/** How each input is named, and what else the command needs to get to it. */
const INPUTS: Record<string, (file: string) => string[]> = {
  "the answers": (file) => ["--non-interactive", "--answers", file],
  "the password": (file) => [...CLOUDERA, "http://127.0.0.1:1", "--cm-password-file", file],
  "the authority": (file) => [...CLOUDERA, "https://127.0.0.1:1", "--cm-ca-file", file],
  "hue.ini": (file) => [...SETUP, "--server-port", "10001", "--agent-config", "none", "--hue-ini", file],
  "the agent's configuration": (file) => [...SETUP, "--server-port", "10001", "--agent-config", file],
  "the specification": (file) => ["balancer", "check", "--spec", file],
};

let folder = "";
const server = createServer();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hue-impala-setup-odd-"));
  expect(spawnSync("mkfifo", [join(folder, "pipe")]).status).toBe(0);
  mkdirSync(join(folder, "folder"));
  writeFileSync(join(folder, "huge"), "");
  truncateSync(join(folder, "huge"), 200 * 1024 * 1024);
  server.listen(join(folder, "socket"));
  await once(server, "listening");
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(Object.keys(INPUTS))("%s", (input) => {
  it.each([
    ["a pipe", "pipe", "is not a regular file but a named pipe"],
    ["a socket", "socket", "is not a regular file but a socket"],
    ["a device without end", "/dev/zero", "is not a regular file but a device"],
    ["a file that the kernel makes up", "/proc/self/status", "made by the kernel"],
    ["a folder", "folder", "is a folder"],
    ["a file of 200 MB", "huge", "has 200 MiB; at most 16 MiB are read"],
  ])("that is %s is refused by what it is", async (_what, name, message) => {
    const file = name.startsWith("/") ? name : join(folder, name);
    const run = await runProgram(INPUTS[input]?.(file) ?? [], {
      cwd: folder,
      env: { HUE_IMPALA_SETUP_CM_PASSWORD: "Sw0rdfish-4711" },
    });
    expect(run.status, run.stderr).toBe(78);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain(file);
  });
});

describe("standard input", () => {
  it("that never ends is left when the program is told to stop: exit 143", async () => {
    const child = spawn(
      process.execPath,
      [PROGRAM, ...CLOUDERA, "http://127.0.0.1:1", "--cm-password-stdin"],
      {
        env: plainEnvironment(),
        stdio: ["pipe", "ignore", "pipe"],
      },
    );
    // Full pipe: the program has begun to read.
    child.stdin.write(Buffer.alloc(4 * 1024 * 1024), () => child.kill("SIGTERM"));
    child.stdin.on("error", () => undefined);
    expect(await once(child, "exit")).toEqual([143, null]);
  });

  it("that is a device without end is refused by its length", async () => {
    const child = spawn(process.execPath, [PROGRAM, "--non-interactive", "--answers", "-"], {
      env: plainEnvironment(),
      stdio: [openSync("/dev/zero", "r"), "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    expect(await once(child, "close")).toEqual([78, null]);
    expect(stderr).toContain("standard input: <stdin> has more than 16 MiB");
  });
});
