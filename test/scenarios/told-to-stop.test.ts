import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROGRAM, plainEnvironment } from "../support/program.ts";

let folder = "";
let hook = "";
let spec = "";

/**
 * Look-ups of names that hang as they do in the system's library: in a thread that nothing can end, and for which
 * Node's own `process.exit()` would wait.
 */
const HANGING = (pipe: string): string => `
import dns from "node:dns";
import { open } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isIP } from "node:net";
const { lookup } = dns;
dns.lookup = (host, ...rest) => {
  if (isIP(host) !== 0 || host === "localhost") return lookup(host, ...rest);
  open(${JSON.stringify(pipe)}, "r", () => undefined);
  process.stderr.write("looks up\\n");
};
syncBuiltinESMExports();
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hue-impala-setup-stop-"));
  const pipe = join(folder, "pipe");
  expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  hook = join(folder, "hook.mjs");
  writeFileSync(hook, HANGING(pipe));
  spec = join(folder, "spec.json");
  const backends = [{ name: "a", address: "impalad.example.com:21050" }];
  const listeners = [{ name: "impala", bind: "127.0.0.1:0", balance: "leastconn", backends }];
  writeFileSync(spec, JSON.stringify({ version: 1, listeners }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CLOUDERA = ["--cm-url", "http://cm.example.com:7180", "--cm-user", "admin", "--cm-password-file"];

/** What each command looks up: Cloudera Manager, an Impalad, the balancer. */
const COMMANDS: Readonly<Record<string, (path: (name: string) => string) => string[]>> = {
  "balancer check": () => ["balancer", "check", "--spec", spec],
  "balancer run": () => ["balancer", "run", "--spec", spec],
  discover: (path) => ["discover", ...CLOUDERA, path("password")],
  "setup --dry-run": (path) => ["--non-interactive", "--dry-run", ...CLOUDERA, path("password")],
  sync: (path) => ["sync", "--spec", spec, ...CLOUDERA, path("password")],
  doctor: (path) => ["doctor", "--hue-ini", path("hue.ini")],
};

describe("a look-up of a name that never ends does not keep a signal waiting", () => {
  it.each(Object.keys(COMMANDS))("%s", async (command) => {
    const path = (name: string) => join(folder, name);
    writeFileSync(path("password"), "Sw0rdfish-4711\n", { mode: 0o600 });
    writeFileSync(path("hue.ini"), "[impala]\nserver_host=lb.example.com\nserver_port=10001\n");
    const child = spawn(process.execPath, [PROGRAM, ...(COMMANDS[command]?.(path) ?? [])], {
      env: plainEnvironment({ NODE_OPTIONS: `--import ${hook}` }),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    let told = false;
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
      if (told || !errors.includes("looks up")) return;
      told = true;
      child.kill("SIGTERM");
    });
    const ended = await once(child, "exit");
    expect(told, errors).toBe(true);
    // The process dies of the signal itself where Node would wait for its thread; a shell sees 143 either way.
    expect(ended).toEqual([null, "SIGTERM"]);
  });
});
