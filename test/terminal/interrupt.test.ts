import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultDescription, type FaultRule, startCloudera } from "../../fixtures/cloudera-manager/index.ts";
import { defaultUsers } from "../../fixtures/cloudera-manager/users.ts";
import { PASSWORD } from "../support/cloudera.ts";
import { freePort, portOf } from "../support/free-port.ts";
import { scratch } from "../support/scratch.ts";
import { KEYS, Terminal } from "./terminal.ts";

const VALVE = "[desktop]\n# ours\napp_blacklist=spark\n";

/** A cluster that is slow at one thing, an address where a balancer answers, and a terminal in an empty folder. */
async function place(faults: readonly FaultRule[] = []) {
  const manager = await startCloudera({
    description: defaultDescription({ valve: VALVE }),
    users: defaultUsers(PASSWORD),
    faults,
  });
  const listener = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    await manager.close();
    listener.close();
  });
  const folder = await scratch();
  const login = ["--cm-url", manager.url, "--cm-user", "admin"];
  const state = ["--state-dir", "state", "--agent-config", "none"];
  return {
    manager,
    folder,
    login,
    external: [
      ...state,
      "--balancer",
      "external",
      "--server-host",
      "127.0.0.1",
      "--server-port",
      String(portOf(listener)),
    ],
    embedded: [
      ...state,
      "--spec",
      "etc/balancer.json",
      "--unit-dir",
      "units",
      "--listen",
      `127.0.0.1:${await freePort()}`,
    ],
    valve: () => manager.state.service("Cluster 1", "hue").config.get("hue_service_safety_valve"),
    terminal: (...args: string[]) =>
      new Terminal(args, { cwd: folder, env: { HUE_IMPALA_SETUP_CM_PASSWORD: PASSWORD } }),
  };
}

/** Files below a folder, but for the journal: none after a run that was taken back, the lock included. */
async function leftIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("journal"))
    .map((entry) => entry.name);
}

describe("Ctrl-C on a terminal", () => {
  it("during a restart of Hue: the command's number is told, what Hue is to read stays", async () => {
    const one = await place();
    one.manager.behave({ outcome: "never" });
    const asked = one.manager.nextRequest(({ path }) => /\/commands\/\d+$/.test(path));
    const terminal = one.terminal("--non-interactive", ...one.login, ...one.external, "--restart-hue");
    await asked;
    terminal.type(KEYS.interrupt);
    expect(await terminal.exit()).toBe(130);
    const [command] = one.manager.commands.all();
    expect(terminal.text).toContain(String(command?.id));
    expect(one.valve()).toContain("server_host=127.0.0.1");
    expect(await leftIn(one.folder)).toEqual([]);
  });

  it("while a change is being made: everything made before it is taken back, the lock too", async () => {
    const one = await place([{ method: "PUT", fault: { kind: "silent" }, times: 1 }]);
    const asked = one.manager.nextRequest(({ method }) => method === "PUT");
    const terminal = one.terminal("--non-interactive", ...one.login, ...one.embedded);
    await asked;
    expect(await leftIn(one.folder)).toContain("balancer.json");
    terminal.type(KEYS.interrupt);
    expect(await terminal.exit()).toBe(130);
    expect(await leftIn(one.folder)).toEqual([]);
    expect(one.valve()).toBe(VALVE);
  });

  it("while Cloudera Manager is read: 130 at once, also for the second time", async () => {
    const one = await place([{ path: "/clusters", fault: { kind: "silent" } }]);
    const asked = one.manager.nextRequest(({ path }) => path.includes("/clusters"));
    const terminal = one.terminal("discover", ...one.login);
    await asked;
    terminal.type(KEYS.interrupt + KEYS.interrupt);
    expect(await terminal.exit()).toBe(130);
    expect(terminal.text).not.toContain(PASSWORD);
  });

  it("leaves the cursor visible and the journal readable", async () => {
    const one = await place([{ method: "PUT", fault: { kind: "silent" }, times: 1 }]);
    const asked = one.manager.nextRequest(({ method }) => method === "PUT");
    const terminal = one.terminal("--non-interactive", ...one.login, ...one.embedded);
    await asked;
    terminal.type(KEYS.interrupt);
    await terminal.exit();
    expect(terminal.raw.lastIndexOf("\u001b[?25l")).toBeLessThan(terminal.raw.lastIndexOf("\u001b[?25h"));
    const journal = join(one.folder, "state/journal");
    for (const name of await readdir(journal)) {
      const { steps } = JSON.parse(await readFile(join(journal, name), "utf8")) as {
        steps: { status: string }[];
      };
      expect(steps.filter(({ status }) => status === "begun").length, name).toBeLessThanOrEqual(1);
    }
  });
});
