import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { PROGRAM, plainEnvironment, runProgram } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";

let folder: string;
beforeEach(async () => {
  folder = await scratch();
});

/** Files that are none, each under a name. */
const ODD: Readonly<Record<string, (path: string) => Promise<string>>> = {
  "a pipe": async (path) => {
    spawnSync("mkfifo", [path]);
    return path;
  },
  "a device without end": async () => "/dev/zero",
  "a folder": async (path) => {
    await mkdir(path);
    return path;
  },
  "a socket": async (path) => {
    const server = createServer().listen(path);
    await once(server, "listening");
    onTestFinished(() => void server.close());
    return path;
  },
  "a file of the kernel": async () => "/proc/kmsg",
  "a file of 200 MB": async (path) => {
    const file = await open(path, "w");
    await file.truncate(200 * 1024 * 1024);
    await file.close();
    return path;
  },
};

describe("issue 10, 2: what is given as a specification", () => {
  test.each(Object.keys(ODD))("%s is refused at once by run, check and status", async (kind) => {
    const path = (await ODD[kind]?.(join(folder, "spec"))) ?? "";
    const began = performance.now();
    const runs = await Promise.all(
      ["run", "check", "status"].map((command) =>
        runProgram(["balancer", command, "--spec", path, "--json"]),
      ),
    );
    for (const { status, stdout } of runs) {
      // /proc/kmsg may not even be opened by everybody.
      expect([77, 78]).toContain(status);
      expect(JSON.parse(stdout).error.message).toContain(path);
    }
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

/** The balancer from flags, once it listens; ended with the test. */
async function running(env: Readonly<Record<string, string>> = {}, ...more: string[]) {
  const args = ["--listen", "127.0.0.1:0", "--impalad", `127.0.0.1:${await freePort()}`, ...more];
  const child = spawn(process.execPath, [PROGRAM, "balancer", "run", ...args], {
    env: plainEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  await once(createInterface(child.stdout), "line");
  return { child, ended, errors: () => errors };
}

describe("issue 10, 8: nothing of the daemon's memory gets out", () => {
  test("a core dump of it would be empty", async () => {
    const { child } = await running();
    expect(await readFile(`/proc/${child.pid}/coredump_filter`, "utf8")).toBe("00000000\n");
  });

  test("it forgets the password of Cloudera Manager, which it has no use for", async () => {
    const hook = join(folder, "hook.mjs");
    await writeFile(
      hook,
      'process.on("exit", () => process.stderr.write("has " + process.env.HUE_IMPALA_SETUP_CM_PASSWORD));',
    );
    const env = { HUE_IMPALA_SETUP_CM_PASSWORD: "s3cret", NODE_OPTIONS: `--import ${hook}` };
    const { child, ended, errors } = await running(env);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(errors()).toContain("has undefined");
  });
});

describe("issue 10, 2: SIGTERM", () => {
  test("ends a drain that is waited for, and its balancer", async () => {
    const socket = join(folder, "balancer.sock");
    const server = createServer(() => undefined).listen(socket);
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const connected = once(server, "connection");
    const { status } = await runProgram(["balancer", "drain", "a", "--wait", "--socket", socket], {
      onStart: (child) => void connected.then(() => child.kill("SIGTERM")),
    });
    expect(status).toBe(143);
  });
});
