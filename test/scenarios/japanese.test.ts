import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { defaultDescription } from "../../fixtures/cloudera-manager/index.ts";
import { startControl } from "../../src/balancer/admin/control/control-server.ts";
import { startBalancer } from "../../src/balancer/balancer.ts";
import { parseSpec } from "../../src/balancer/spec/parse-spec.ts";
import { Turns } from "../../src/balancer/time/turns.ts";
import { COMMANDS } from "../../src/cli/parse/command-table.ts";
import { PASSWORD, startManager } from "../support/cloudera.ts";
import { englishIn } from "../support/english.ts";
import { freePort } from "../support/free-port.ts";
import { runInProcess } from "../support/in-process.ts";
import { missing, type Need, title } from "../support/needs.ts";
import { type ProgramOptions, type ProgramRun, ROOT } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";
import { runScenario } from "./run-scenario.ts";
import { parseScenario, type Scenario } from "./scenario.ts";

const FOLDER = join(ROOT, "fixtures/scenarios");
const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;

/** Runs the program in Japanese, and looks at all that it says. */
async function inJapanese(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramRun> {
  const run = await runInProcess(args, { ...options, env: { ...options.env, HUE_IMPALA_SETUP_LANG: "ja" } });
  const said = `${args.join(" ")}\n${run.stdout}${run.stderr}`;
  expect(englishIn(run.stderr), said).toEqual([]);
  if (args.includes("--json")) expect(run.stdout, said).not.toMatch(JAPANESE);
  else if (!isDocument(args)) expect(englishIn(run.stdout), said).toEqual([]);
  return run;
}

/** What is printed are files or their differences, which know no language. */
function isDocument(args: readonly string[]): boolean {
  return ["print", "completion", "--dry-run", "--check"].some((word) => args.includes(word));
}

/** A scenario as it is in every language: exit codes, JSON, files. */
function withoutWords(scenario: Scenario): Scenario {
  return { ...scenario, steps: scenario.steps.map((step) => ({ ...step, stdoutHas: [], stderrHas: [] })) };
}

describe("in Japanese nothing is said in English, and JSON stays English:", () => {
  const names = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".yaml"),
  );
  for (const name of names.sort()) {
    const scenario = parseScenario(readFileSync(join(FOLDER, name), "utf8"), name);
    // Another account needs a process of its own; what only prints JSON says nothing else.
    if (scenario.steps.some(({ uid }) => uid !== undefined)) continue;
    if (scenario.steps.every(({ run }) => run.includes("--json"))) continue;
    const needs = scenario.needs as Need[];
    it.skipIf(missing(...needs))(needs.length > 0 ? title(name, ...needs) : name, () =>
      runScenario(withoutWords(scenario), inJapanese),
    );
  }

  it("each command where everything is missing", async () => {
    const options = { cwd: await scratch() };
    for (const [line, exit] of [
      ["balancer check --spec none.json", 78],
      ["balancer run", 78],
      ["balancer run --spec none.json --impalad a", 64],
      ["balancer drain a --socket none.sock", 69],
      ["config show --listen 0.0.0.0:1 --spec none.json --agent-config none", 0],
      ["discover --cm-url http://127.0.0.1:1", 78],
      ["doctor --hue-ini none.ini --spec none.json", 1],
      ["haproxy check --haproxy-config none", 78],
      ["haproxy print", 78],
      ["keepalived print --virtual-ip 192.0.2.1", 78],
      ["sync --spec none.json", 78],
      ["undo --yes --state-dir none", 1],
    ] as const) {
      const { status, stderr } = await inJapanese(line.split(" "), options);
      expect({
        line,
        status,
        said: exit === 0 || JAPANESE.test(stderr) || line.startsWith("doctor"),
      }).toEqual({
        line,
        status: exit,
        said: true,
      });
    }
  });

  it("what Cloudera Manager and Hue's safety valves give reason to say", async () => {
    const cloudera = await startManager({
      description: defaultDescription({
        valve: "[impala]\nserver_host=a, b\nserver_port=x\n[[ssl]]\nserver_conn_timeout=5\n",
        serverValve: "[impala]\nserver_port=10001\nserver_conn_timeout=60\n",
        ineligible: true,
        hue: { impala_service: "none" },
        coordinators: { impalad_load_balancer: "lb.example.com:21050" },
      }),
    });
    const [cluster] = cloudera.state.clusters.values();
    for (const service of cluster?.services.values() ?? []) {
      for (const role of service.roles.values()) if (role.type === "IMPALAD") role.health = "CONCERNING";
    }
    const login = ["--cm-url", cloudera.url, "--cm-user", "admin", "--verbose"];
    const options = { cwd: await scratch(), env: { HUE_IMPALA_SETUP_CM_PASSWORD: PASSWORD } };
    const doctor = await inJapanese(["doctor", ...login], options);
    expect(doctor.stdout).toContain("(サービス hue の hue_service_safety_valve");
    const external = ["--balancer", "external", "--server-host", "lb.example.com", "--server-port", "21050"];
    const words = [
      "--non-interactive",
      "--check",
      ...external,
      "--state-dir",
      "state",
      "--agent-config",
      "none",
    ];
    const { stderr } = await inJapanese([...words, ...login], options);
    expect(stderr).toContain("ヘルスが CONCERNING です");
  });

  it("help", async () => {
    for (const words of [[], ["balancer"], ...COMMANDS.map(({ words }) => words)]) {
      expect((await inJapanese([...words, "--help"])).status).toBe(0);
    }
  });

  it("what a running balancer says of itself", async () => {
    const folder = await scratch();
    const dead = await freePort();
    const spec = parseSpec({
      version: 1,
      listeners: [
        {
          name: "impala",
          bind: "127.0.0.1:0",
          balance: "session",
          maxConnections: 1000,
          backends: [{ name: "gone", address: `127.0.0.1:${dead}` }],
          health: { interval: 1, fall: 1 },
        },
      ],
    });
    const balancer = await startBalancer(spec, { descriptorLimit: 200 });
    onTestFinished(() => balancer.close());
    const socket = join(folder, "control.sock");
    const controlled = { balancer, reload: async () => undefined, turns: new Turns() };
    const control = await startControl(socket, controlled);
    onTestFinished(() => control.close());
    await expect
      .poll(() => balancer.stats().listeners[0]?.backends[0]?.state, { timeout: 10_000 })
      .toBe("down");

    const { status, stdout } = await inJapanese(["balancer", "status", "--socket", socket], { cwd: folder });
    expect(status).toBe(0);
    expect(stdout).toContain("ファイルディスクリプターが不足しているため");
    expect(stdout).toMatch(/gone +127\.0\.0\.1:\d+ +停止 .* 失敗: 接続が拒否されました\n/);
    const english = await runInProcess(["balancer", "status", "--socket", socket], { cwd: folder });
    expect(english.stdout).toContain("failed: connection refused");
  });
});
