import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloudera, withControlCharacters } from "../../fixtures/cloudera-manager/index.ts";
import { defaultUsers } from "../../fixtures/cloudera-manager/users.ts";
import type { DiscoveredImpalad } from "../../src/cloudera/discovery/discovery.ts";
import { sameText } from "../../src/domain/text.ts";
import { Wizard } from "../../src/wizard/wizard.ts";
import { runProgram } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";
import { Terminal } from "./terminal.ts";

/** Clears the screen, sets the title, moves up, hides, turns text around: each in a form of its own. */
const EVIL = "\u001b[2J\u001b]0;owned\u0007\u009b1A\u202e\u200b";
const SHOWN = "^[[2J^[]0;owned^G<U+009B>1A<U+202E><U+200B>";

/** What is left of a terminal's input once its colours, line ends and the cursor's hiding are taken away. */
function steering(raw: string): string {
  const ours = /\u001b\[(?:[0-9;]*m|\?(?:25|2026)[lh]|[0-9]*[GKABCD]|2K|1G)|\r\n/g;
  return (
    raw.replaceAll(ours, "").match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202e]/g) ?? []
  ).join("");
}

const HUE_INI = `[impala]\n# ${EVIL}\n## server_host=localhost\n# caf\u00e9\n[x]\n`;

async function folderWith(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await scratch();
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

const SETUP = [
  ...["--non-interactive", "--target", "hue-ini", "--balancer", "external"],
  ...["--server-host", "lb.example.com", "--server-port", "10001", "--state-dir", "state"],
];

async function onTerminal(
  cwd: string,
  args: readonly string[],
): Promise<{ raw: string; text: string; code: number }> {
  const terminal = new Terminal(args, { cwd });
  const code = await terminal.exit();
  return { raw: terminal.raw, text: terminal.text, code };
}

describe("what comes from outside cannot steer a terminal, and is seen", () => {
  test("in the diff of a dry run; a pipe gets the bytes, which patch takes", async () => {
    const cwd = await folderWith({ "hue.ini": HUE_INI });
    const args = [...SETUP, "--dry-run", "--hue-ini", "hue.ini"];
    const seen = await onTerminal(cwd, args);
    expect(seen.text).toContain(` # ${SHOWN}`);
    expect(seen.text).toContain("# caf\u00e9");
    expect(seen.text).toContain("+server_host=lb.example.com");
    expect(steering(seen.raw)).toBe("");

    const piped = await runProgram(args, { cwd });
    expect(piped.stdout).toContain(` # ${EVIL}\n`);
    execFileSync("patch", ["-p0"], { cwd, input: piped.stdout });
    expect(await readFile(join(cwd, "hue.ini"), "utf8")).toContain("server_host=lb.example.com\n");
  });

  test("in the diff of a file that is not UTF-8: its bytes are no control characters of the terminal either", async () => {
    const cwd = await folderWith({ "hue.ini": Buffer.from(`# caf\u00e9 \u009b2J\n[impala]\n`, "latin1") });
    const args = [...SETUP, "--dry-run", "--hue-ini", "hue.ini", "--allow-invalid-utf8"];
    const seen = await onTerminal(cwd, args);
    expect(seen.text).toContain("# caf\u00e9 <U+009B>2J");
    expect(steering(seen.raw)).toBe("");
  });

  test("in what undo shows", async () => {
    const cwd = await folderWith({ "hue.ini": HUE_INI });
    expect((await runProgram([...SETUP, "--hue-ini", "hue.ini"], { cwd })).status).toBe(0);
    const dry = await onTerminal(cwd, ["undo", "--dry-run", "--state-dir", "state"]);
    expect(dry.text).toContain(` # ${SHOWN}`);
    expect(dry.text).toContain("-server_host=lb.example.com");
    expect(steering(dry.raw)).toBe("");
  });

  test("in names of files and in what Hue reads: the doctor, warnings and failures", async () => {
    const name = `zz${EVIL}\n ok.ini`;
    const cwd = await folderWith({
      "conf/hue.ini": `[impala]\nserver_host=${EVIL}\nserver_port=1\nuse_thrift_http=1\n`,
      [`conf/${name}`]: "[x\n",
    });
    for (const lang of ["en", "ja"]) {
      const doctor = await onTerminal(cwd, ["doctor", "--lang", lang, "--hue-ini", "conf/hue.ini"]);
      expect(doctor.text).toContain(`server_host = ${SHOWN}`);
      expect(doctor.text).toContain(`zz${SHOWN}`);
      expect(steering(doctor.raw)).toBe("");
      // Nor can a name begin a line of its own.
      expect(doctor.text.replaceAll("\r", "")).not.toMatch(/^ ?ok\.ini/m);
    }
    const setup = await onTerminal(cwd, [...SETUP, "--dry-run", "--hue-ini", `conf/${name}`]);
    expect(setup.text).toContain(`zz${SHOWN}`);
    expect(steering(setup.raw)).toBe("");
    const json = await onTerminal(cwd, ["doctor", "--json", "--hue-ini", "conf/hue.ini"]);
    expect(steering(json.raw)).toBe("");
    // A moving line on standard error may stand before it.
    const document = /\{"schema".*\}/.exec(json.raw)?.[0] ?? "";
    expect(JSON.parse(document).findings[1].message).toContain(`server_host = ${EVIL}`);
  });

  test("in a specification: balancer check, haproxy print", async () => {
    const listener = { name: EVIL, bind: "127.0.0.1:1", balance: "source", backends: [] };
    const cwd = await folderWith({
      [`spec${EVIL}.json`]: JSON.stringify({ version: 1, listeners: [listener] }),
    });
    for (const command of [
      ["balancer", "check"],
      ["haproxy", "print"],
    ]) {
      const { raw, text } = await onTerminal(cwd, [...command, "--spec", `spec${EVIL}.json`]);
      expect(text).toContain("^[[2J");
      expect(steering(raw)).toBe("");
    }
  });

  test("in what Cloudera Manager names: discover", async () => {
    const cloudera = await startCloudera({
      description: withControlCharacters(),
      users: defaultUsers("Sw0rdfish-4711"),
    });
    onTestFinished(() => cloudera.close());
    const cwd = await folderWith({ password: "Sw0rdfish-4711" });
    const login = ["--cm-url", cloudera.url, "--cm-user", "admin", "--cm-password-file", "password"];
    const { raw, text } = await onTerminal(cwd, ["discover", ...login]);
    expect(text).toContain("^[[2Jnode1^G.example.com");
    expect(steering(raw)).toBe("");
    const json = await runProgram(["discover", "--json", ...login], { cwd });
    expect(json.stdout).toContain("\\u001b[2Jnode1\\u0007.example.com");
  });

  test("in the wizard's choices", async () => {
    let raw = "";
    let input = new PassThrough();
    const wizard = (): Wizard => {
      const output = new PassThrough();
      output.on("data", (chunk: Buffer) => {
        raw += chunk.toString("utf8");
      });
      input = new PassThrough();
      const plain = { quiet: () => undefined, describe: ({ message }: Error) => message };
      return new Wizard({ input, output, language: "en", ...plain });
    };
    const impalad = { port: 21050, health: "", roleConfigGroup: "", eligible: true, reason: null };
    const chosen = wizard().chooseImpalads([
      { ...impalad, host: "good.example.com", note: EVIL, noteText: sameText(EVIL) },
      { ...impalad, host: EVIL, eligible: false, reason: EVIL, reasonText: sameText(EVIL) },
    ] as unknown as DiscoveredImpalad[]);
    await expect.poll(() => raw).toContain("good.example.com:21050");
    input.write("\r");
    expect(await chosen).toEqual([{ host: "good.example.com", port: 21050 }]);
    const cluster = wizard().ask("cluster", undefined, ["plain", EVIL]);
    await expect.poll(() => raw).toMatch(/plain/);
    input.write("\u001b[B\r");
    expect(await cluster).toBe(EVIL);
    expect(raw).toContain(SHOWN);
    expect(steering(raw)).toBe("");
  });
});
