import { chown, link, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runProgram } from "../support/program.ts";

/** No entry among the users. */
const NOBODY = 54_321;
const RECORDS = `/var/tmp/hue-impala-setup-${NOBODY}`;

describe.skipIf(process.getuid?.() !== 0)("the account of a service, without a home", () => {
  it.each([
    ["that is not there", { HOME: "/nonexistent" }],
    ["and without an entry among the users", { HOME: "" }],
  ])("%s, rewrites its hue.ini in place where it has to", async (_what, env) => {
    const folder = await mkdtemp(join(tmpdir(), "hue-impala-setup-home-"));
    onTestFinished(async () => {
      for (const path of [folder, RECORDS]) await rm(path, { recursive: true, force: true });
    });
    const hueIni = join(folder, "conf/hue.ini");
    await mkdir(join(folder, "conf"));
    await writeFile(hueIni, "[impala]\nserver_host=old.example.com\n");
    // Two names: a rename would part them.
    await link(hueIni, join(folder, "second"));
    for (const path of [folder, join(folder, "conf"), hueIni]) await chown(path, NOBODY, NOBODY);
    const settings = ["--balancer", "external", "--server-host", "lb.example.com", "--server-port", "10001"];
    const places = ["--agent-config", join(folder, "no-agent"), "--hue-ini", hueIni, "--state-dir"];
    const { status, stderr } = await runProgram(
      ["--non-interactive", ...settings, ...places, join(folder, "state")],
      { uid: NOBODY, env, cwd: "/" },
    );
    expect(status, stderr).toBe(0);
    expect(await readFile(join(folder, "second"), "utf8")).toContain("server_host=lb.example.com");
  });
});
