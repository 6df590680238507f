import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Secret } from "../../../src/domain/secret.ts";
import { isAlive } from "../../../src/system/processes/process-id.ts";
import { run } from "../../../src/system/processes/run.ts";
import { temporaryFolder } from "../files/editor.ts";

const temporary = temporaryFolder();

const node = (script: string, ...args: string[]): [string, string[]] => [
  process.execPath,
  ["-e", script, ...args],
];

describe("run", () => {
  test("gives status, signal and both outputs", async () => {
    const script = "console.log('out'); console.error('err'); process.exitCode = 3";
    expect(await run(...node(script))).toEqual({ status: 3, signal: null, stdout: "out\n", stderr: "err\n" });
    const killed = await run(...node("process.kill(process.pid, 'SIGKILL')"));
    expect(killed).toMatchObject({ status: null, signal: "SIGKILL" });
  });

  test("arguments reach the program as they are: there is no shell", async () => {
    const args = ["a b", "$HOME", "*", "; exit 7", '"'];
    const { stdout } = await run(...node("console.log(JSON.stringify(process.argv.slice(1)))", ...args));
    expect(JSON.parse(stdout)).toEqual(args);
  });

  test("input goes to standard input, and a program that does not read it harms nobody", async () => {
    const secret = new Secret("s3cret");
    const { stdout } = await run("cat", [], { input: secret.reveal() });
    expect(stdout).toBe("s3cret");
    expect(await run("true", [], { input: Buffer.alloc(1 << 20) })).toMatchObject({ status: 0 });
  });

  test("runs in the C locale, and without this tool's own settings, the password among them", async () => {
    vi.stubEnv("HUE_IMPALA_SETUP_CM_PASSWORD", "s3cret");
    vi.stubEnv("LC_ALL", "ja_JP.UTF-8");
    vi.stubEnv("OTHER", "stays");
    vi.stubEnv("REMOVED", "goes");
    const { stdout } = await run("env", [], { env: { REMOVED: undefined, ADDED: "comes" } });
    vi.unstubAllEnvs();
    const lines = stdout.split("\n");
    expect(lines).toEqual(expect.arrayContaining(["LC_ALL=C", "OTHER=stays", "ADDED=comes"]));
    expect(stdout).not.toMatch(/s3cret|REMOVED|HUE_IMPALA_SETUP/);
  });

  test("a program that is not there", async () => {
    await expect(run("no-such-program", [])).rejects.toMatchObject({
      name: "Failure",
      code: "command-not-found",
      message: "no-such-program is not installed or not in PATH",
    });
    await expect(run("/etc/passwd", [])).rejects.toMatchObject({ code: "command-failed" });
  });

  test("a program that takes too long is ended, even if it ignores SIGTERM", async () => {
    const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    await expect(run(...node(stubborn), { timeout: 0.3 })).rejects.toMatchObject({
      code: "command-timeout",
      message: `${process.execPath} did not end within 0.3 s`,
    });
  });

  test("what an interrupted program has started is ended with it", async () => {
    const pidFile = join(temporary, "grandchild");
    const controller = new AbortController();
    const script = `tail -f /dev/null & echo $! >'${pidFile}'; wait`;
    const running = run("sh", ["-c", script], { signal: controller.signal });
    const pid = await vi.waitFor(() => {
      const text = readFileSync(pidFile, "utf8");
      expect(text).toMatch(/^\d+\n$/);
      return Number(text);
    }, 30_000);
    controller.abort();
    await expect(running).rejects.toMatchObject({ kind: "interrupted" });
    await vi.waitFor(() => expect(isAlive({ pid, start: 0 })).toBe(false), 30_000);
  });

  test("Ctrl-C at the terminal does not reach it: it has a process group of its own", async () => {
    const [pid, , , , group] = (await run("cat", ["/proc/self/stat"])).stdout.split(" ");
    expect(group).toBe(pid);
  });

  test("a program that is interrupted", async () => {
    const controller = new AbortController();
    const running = run("sleep", ["60"], { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toMatchObject({ kind: "interrupted" });
    await expect(run("sleep", ["60"], { signal: controller.signal })).rejects.toMatchObject({
      kind: "interrupted",
    });
  });

  test("a program that prints without end", async () => {
    await expect(run("yes", [])).rejects.toMatchObject({ code: "command-output" });
  });
});
