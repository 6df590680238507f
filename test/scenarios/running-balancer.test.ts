import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { query } from "../../fixtures/impalad/client.ts";
import { startImpalad } from "../../fixtures/impalad/impalad.ts";
import { control as askBalancer } from "../../src/balancer/admin/control/control.ts";
import { freePort } from "../support/free-port.ts";
import { PROGRAM, plainEnvironment, runProgram } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";

/** The program in the background until the test ends; resolves with the first line that it prints. */
async function startBalancer(args: readonly string[], cwd: string) {
  const child = spawn(process.execPath, [PROGRAM, "balancer", "run", ...args], {
    cwd,
    env: plainEnvironment(),
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const [line] = await Promise.race([
    new Promise<string[]>((resolve) => createInterface(child.stdout).once("line", (text) => resolve([text]))),
    ended.then((status) => [`ended with ${status}`]),
  ]);
  return { child, ended, line: line ?? "" };
}

interface Findings {
  readonly findings: readonly { readonly check: string; readonly status: string; readonly message: string }[];
}

describe("a balancer that runs without systemd", () => {
  it("is set up, run, found to be our own, watched, drained, changed, examined and stopped", async () => {
    const folder = await scratch();
    const [one, two] = await Promise.all(["impala1", "impala2"].map((name) => startImpalad({ name })));
    if (one === undefined || two === undefined) throw new Error("two Impalads were started");
    onTestFinished(async () => void (await Promise.all([one.close(), two.close()])));
    const addresses = [one, two].map(({ host, port }) => `${host}:${port}`);
    await writeFile(join(folder, "hue.ini"), "[impala]\n");
    const port = await freePort();
    const places = ["--spec", "balancer.json", "--unit-dir", "units", "--state-dir", "state"];
    places.push("--agent-config", "none", "--admin-listen", `127.0.0.1:${await freePort()}`);
    const setup = (listen: number, impalads: readonly string[], ...more: string[]) =>
      runProgram(
        [
          "--non-interactive",
          "--json",
          "--hue-ini",
          "hue.ini",
          ...impalads.flatMap((address) => ["--impalad", address]),
          "--listen",
          `127.0.0.1:${listen}`,
          ...places,
          ...more,
        ],
        { cwd: folder },
      );
    const control = async (...words: string[]) => {
      const run = await runProgram(["balancer", ...words, "--spec", "balancer.json", "--json"], {
        cwd: folder,
      });
      return { run, document: JSON.parse(run.stdout) };
    };

    const first = await setup(port, addresses);
    expect(first.status, first.stderr).toBe(0);
    expect(JSON.parse(first.stdout).next[0]).toBe(
      "Start the balancer: hue-impala-setup balancer run --spec balancer.json",
    );
    const doctorBefore = await runProgram(["doctor", "--json", "--hue-ini", "hue.ini"], { cwd: folder });
    expect(doctorBefore.status).toBe(1);
    expect((JSON.parse(doctorBefore.stdout) as Findings).findings).toContainEqual(
      expect.objectContaining({ check: "balancer-listens", status: "problem", remedy: expect.anything() }),
    );

    const balancer = await startBalancer(["--spec", "balancer.json"], folder);
    expect(balancer.line).toBe(`listening on 127.0.0.1:${port}`);
    const again = await setup(port, addresses, "--check");
    expect(again.status, again.stdout).toBe(0);
    const servedBy = await query({ host: "127.0.0.1", port }, "select impalad()");
    expect(["impala1", "impala2"]).toContain(servedBy[0]?.[0]);

    const doctor = await runProgram(["doctor", "--json", "--hue-ini", "hue.ini", "--spec", "balancer.json"], {
      cwd: folder,
    });
    const { findings } = JSON.parse(doctor.stdout) as Findings;
    expect(doctor.status, doctor.stdout).toBe(0);
    expect(findings.filter(({ check }) => check === "backend")).toHaveLength(2);
    expect(findings).toContainEqual(expect.objectContaining({ check: "spread", status: "ok" }));

    const drained = await control("drain", "127.0.0.1");
    expect(drained.run.status, drained.run.stdout).toBe(0);
    const backends = drained.document.status.listeners[0].backends as { name: string; state: string }[];
    expect(backends.map(({ state }) => state).sort()).toEqual(["drain", "up"]);
    expect((await control("ready", "127.0.0.1")).run.status).toBe(0);
    expect((await control("drain", "nobody")).document.error).toMatchObject({
      code: expect.any(String),
      hint: expect.any(String),
    });

    const fewer = await setup(port, addresses.slice(0, 1));
    expect(fewer.status, fewer.stdout).toBe(0);
    const reloaded = await control("reload");
    expect(reloaded.run.status, reloaded.run.stdout).toBe(0);
    expect((await control("status")).document.status.listeners[0].backends).toHaveLength(1);

    balancer.child.kill("SIGTERM");
    expect(await balancer.ended).toBe(0);
    expect((await control("status")).run.status).toBe(69);

    const undone = await runProgram(["undo", "--yes", "--state-dir", "state"], { cwd: folder });
    expect(undone.status, undone.stderr).toBe(0);
    const undoneToo = await runProgram(["undo", "--yes", "--state-dir", "state"], { cwd: folder });
    expect(undoneToo.status, undoneToo.stderr).toBe(0);
    expect(await readFile(join(folder, "hue.ini"), "utf8")).toBe("[impala]\n");
  });

  it("without a backend that is up is a problem that the doctor names", async () => {
    const folder = await scratch();
    const port = await freePort();
    const socket = join(folder, "balancer.sock");
    const specification = {
      version: 1,
      listeners: [
        {
          name: "impala",
          bind: `127.0.0.1:${port}`,
          balance: "leastconn",
          backends: [{ name: "gone", address: `127.0.0.1:${await freePort()}` }],
          health: { interval: 1, fall: 1 },
        },
      ],
      admin: { socket },
    };
    await writeFile(join(folder, "balancer.json"), JSON.stringify(specification));
    await writeFile(join(folder, "hue.ini"), `[impala]\nserver_host=127.0.0.1\nserver_port=${port}\n`);
    await startBalancer(["--spec", "balancer.json"], folder);
    for (;;) {
      const { listeners } = await askBalancer(socket, { command: "status" });
      if (listeners[0]?.backends[0]?.state === "down") break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const doctor = await runProgram(["doctor", "--json", "--hue-ini", "hue.ini", "--spec", "balancer.json"], {
      cwd: folder,
    });
    expect(doctor.status, doctor.stdout).toBe(1);
    const { findings } = JSON.parse(doctor.stdout) as Findings;
    expect(findings).toContainEqual(expect.objectContaining({ check: "backend", status: "warning" }));
    expect(findings).toContainEqual(expect.objectContaining({ check: "backends", status: "problem" }));
  });

  it("runs from flags alone and says where; a taken port is told in words", async () => {
    const folder = await scratch();
    const impalad = await startImpalad({ name: "impala1" });
    onTestFinished(() => impalad.close());
    const { line } = await startBalancer(
      ["--listen", "127.0.0.1:0", "--impalad", `127.0.0.1:${impalad.port}`, "--balance", "leastconn"],
      folder,
    );
    const port = Number(/^listening on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1]);
    expect(await query({ host: "127.0.0.1", port }, "select impalad()")).toEqual([["impala1"]]);
    const second = await runProgram(
      ["balancer", "run", "--json", "--listen", `127.0.0.1:${port}`, "--impalad", "127.0.0.1:1"],
      { cwd: folder },
    );
    expect(second.status).toBe(78);
    expect(JSON.parse(second.stdout).error).toMatchObject({ hint: expect.stringContaining("another port") });
  });
});
