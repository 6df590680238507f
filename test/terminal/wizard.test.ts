import { copyFile, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { PASSWORD, PLACES, startManager } from "../support/cloudera.ts";
import { freePort } from "../support/free-port.ts";
import { ROOT, runProgram } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";
import { KEYS, Terminal } from "./terminal.ts";

async function cluster() {
  const folder = await scratch();
  const impaladsAt = ["127.0.0.1", "127.0.0.2"].map((host) => ({ host, port: 21050 }));
  const cloudera = await startManager({ description: defaultDescription({ impaladsAt }) });
  const hueIni = join(folder, "hue.ini");
  await copyFile(join(ROOT, "fixtures/hue-ini/indented.ini"), hueIni);
  const before = await readFile(hueIni);
  const places = [...PLACES, "--admin-listen", `127.0.0.1:${await freePort()}`];
  return { folder, cloudera, hueIni, before, places };
}

describe("the wizard on a terminal", () => {
  it("asks for what is missing, shows the plan, applies once agreed and tells the equivalent command", async () => {
    const { folder, cloudera, hueIni, before, places } = await cluster();
    const terminal = new Terminal(places, { cwd: folder });
    await terminal.answer("Where is Hue configured?");
    await terminal.answer("Which hue.ini does Hue read?", "hue.ini");
    await terminal.answer("Cloudera Manager's address", cloudera.url);
    await terminal.answer("User of Cloudera Manager?", "admin");
    await terminal.answer("Password of admin", PASSWORD);
    await terminal.answer("Which balancer?");
    await terminal.see("Which Impalads?");
    await terminal.see("executor only");
    terminal.type(KEYS.enter);
    await terminal.answer("Where shall the balancer listen?", `127.0.0.1:${await freePort()}`);
    await terminal.answer("Under which name does Hue reach the balancer");
    await terminal.answer("How many seconds may one call of Hue take");
    await terminal.see("+  server_host=127.0.0.1");
    expect(await readFile(hueIni)).toEqual(before);
    await terminal.answer("Apply this plan?", "y");
    await terminal.see("hue-impala-setup --non-interactive");
    expect(await terminal.exit()).toBe(0);

    expect(await readFile(hueIni, "utf8")).toContain("\n  server_host=127.0.0.1\n");
    expect(terminal.text).not.toContain(PASSWORD);
    expect(terminal.text).toContain("Restart Hue");
    expect(terminal.raw).toContain("\u001b[32m+  server_host=127.0.0.1");
    const [command = ""] =
      /hue-impala-setup --non-interactive .*/.exec(terminal.text.replaceAll(/\r?\n(?=\S)/g, "")) ?? [];
    await writeFile(join(folder, "password"), PASSWORD);
    const words = command
      .trim()
      .split(" ")
      .slice(1)
      .map((word) => (word === "FILE" ? "password" : word));
    const again = await runProgram([...words, "--check"], { cwd: folder });
    expect(again.status, `${command}\n${again.stdout}${again.stderr}`).toBe(0);
  });

  it("asks again after a wrong password, and changes nothing when the plan is declined", async () => {
    const { folder, cloudera, hueIni, before, places } = await cluster();
    const settings = [
      "--hue-ini",
      "hue.ini",
      "--cm-url",
      cloudera.url,
      "--target",
      "hue-ini",
      "--balancer",
      "embedded",
    ];
    const terminal = new Terminal([...places, ...settings, "--listen", `127.0.0.1:${await freePort()}`], {
      cwd: folder,
    });
    await terminal.answer("User of Cloudera Manager?", "admin");
    await terminal.answer("Password of admin", "wrong");
    await terminal.see("Error:");
    await terminal.answer("User of Cloudera Manager?");
    await terminal.answer("Password of admin", PASSWORD);
    await terminal.answer("Which Impalads?");
    await terminal.answer("Under which name");
    await terminal.answer("How many seconds");
    await terminal.answer("Apply this plan?", "n");
    expect(await terminal.exit()).toBe(130);
    expect(terminal.text).toContain("nothing was changed");
    expect(await readFile(hueIni)).toEqual(before);
  });

  it.each([
    "Where is Hue configured?",
    "Which hue.ini",
    "Cloudera Manager's address",
    "Which Impalads?",
    "Apply this plan?",
  ])("Ctrl-C at “%s” changes nothing and ends with 130", async (question) => {
    const { folder, hueIni, before, places } = await cluster();
    const terminal = new Terminal(places, { cwd: folder });
    const answers: [string, string][] = [
      ["Where is Hue configured?", ""],
      ["Which hue.ini", "hue.ini"],
      ["Cloudera Manager's address", ""],
      ["Which balancer?", ""],
      ["Which Impalads?", "127.0.0.1"],
      ["Where shall the balancer listen?", `127.0.0.1:${await freePort()}`],
      ["Under which name", ""],
      ["How many seconds", ""],
      ["Apply this plan?", ""],
    ];
    for (const [text, reply] of answers) {
      if (text === question) break;
      await terminal.answer(text, reply);
    }
    await terminal.see(question);
    terminal.type(KEYS.interrupt);
    expect(await terminal.exit()).toBe(130);
    expect(await readFile(hueIni)).toEqual(before);
  });

  it("judges what is typed at once, in the option's own words", async () => {
    const { folder, places } = await cluster();
    const settings = [
      "--target",
      "hue-ini",
      "--hue-ini",
      "hue.ini",
      "--balancer",
      "embedded",
      "--impalad",
      "127.0.0.1",
    ];
    const terminal = new Terminal([...places, ...settings], { cwd: folder });
    await terminal.answer("Where shall the balancer listen?", "9");
    await terminal.see("the port is missing");
    terminal.type(KEYS.interrupt);
    expect(await terminal.exit()).toBe(130);
  });

  it("asks again for an address that this host cannot listen on", async () => {
    const { folder, places } = await cluster();
    const taken = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const settings = ["--target", "hue-ini", "--hue-ini", "hue.ini", "--balancer", "embedded"];
    const terminal = new Terminal([...places, ...settings, "--impalad", "127.0.0.1"], { cwd: folder });
    await terminal.answer("Where shall the balancer listen?", `127.0.0.1:${port}`);
    await terminal.see(`127.0.0.1:${port} is in use`);
    await terminal.answer("Where shall the balancer listen?", "203.0.113.7:10001");
    await terminal.see("203.0.113.7 is not an address of this host");
    await terminal.see("Where shall the balancer listen?");
    terminal.type(KEYS.interrupt);
    expect(await terminal.exit()).toBe(130);
  });

  it("speaks Japanese in a Japanese locale", async () => {
    const { folder, places } = await cluster();
    const terminal = new Terminal(places, { cwd: folder, env: { LC_ALL: "ja_JP.UTF-8" } });
    await terminal.answer("Hue の設定はどこにありますか?");
    await terminal.see("Hue が読む hue.ini はどれですか?");
    terminal.type(KEYS.interrupt);
    expect(await terminal.exit()).toBe(130);
    expect(terminal.text).toContain("何も変更していません");
  });
});
