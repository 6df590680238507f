import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import {
  defaultDescription,
  fiftyClusters,
  manyImpalads,
  startCloudera,
} from "../../fixtures/cloudera-manager/index.ts";
import { defaultUsers } from "../../fixtures/cloudera-manager/users.ts";
import { PASSWORD } from "../support/cloudera.ts";
import { type ProgramOptions, runProgram } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";

async function manager(options: Parameters<typeof startCloudera>[0]) {
  const running = await startCloudera({ users: defaultUsers(PASSWORD), ...options });
  onTestFinished(() => running.close());
  const run = (args: readonly string[], more: ProgramOptions = {}) =>
    runProgram([...args, "--cm-url", running.url, "--cm-user", "admin"], {
      env: { HUE_IMPALA_SETUP_CM_PASSWORD: PASSWORD },
      ...more,
    });
  return { running, run };
}

it.each([19, 33, 45, 57])(
  "1,000 Impalads are discovered with at most 8 requests and one per used group (v%i)",
  async (apiVersion) => {
    const { running, run } = await manager({ apiVersion, description: manyImpalads(1000) });
    const found = await run(["discover", "--json"]);
    expect(found.status, found.stderr).toBe(0);
    const { impalads } = JSON.parse(found.stdout) as { impalads: { port: number; eligible: boolean }[] };
    expect(impalads).toHaveLength(1000);
    expect(impalads.filter(({ eligible }) => eligible)).toHaveLength(1000);
    expect(impalads.filter(({ port }) => port === 21051)).toHaveLength(10);
    const usedGroups = 1;
    expect(running.requests.length).toBeLessThanOrEqual(8 + usedGroups);
  },
);

it("of 50 clusters one is chosen by name; without a choice all are listed", async () => {
  const { running, run } = await manager({ description: fiftyClusters() });
  const asked = await run(["discover", "--json"]);
  expect(asked.status).toBe(78);
  const { error } = JSON.parse(asked.stdout) as { error: { code: string; message: string; hint: string } };
  expect(error.code).toBe("choose-cluster");
  for (const number of [1, 25, 50]) expect(error.message + error.hint).toContain(`Cluster ${number}`);
  running.requests.length = 0;
  const found = await run(["discover", "--json", "--cluster", "Cluster 37"]);
  expect(found.status, found.stderr).toBe(0);
  expect(JSON.parse(found.stdout).impalads).toHaveLength(3);
  expect(running.requests.length).toBeLessThanOrEqual(9);
});

it("a colleague's valve of 60 KB comes back byte for byte but for our lines, and wholly after an undo", async () => {
  const filler = Array.from(
    { length: 1200 },
    (_, n) => `# line ${n} — Größe 東京 \t trailing blanks   \r\n`,
  ).join("");
  const valve = `${filler}[desktop]\r\n  [[database]]\r\n    password=hunter2\r\n[impala]  # ours\r\n  server_host = old # why\r\n\r\n  [[ssl]]\r\n  enabled=true\r\n[[[deep]]]\r\nx=1\r\n\n[beeswax]\n\tquery='''a\r\n[impala]\r\nb'''`;
  expect(Buffer.byteLength(valve)).toBeGreaterThan(60_000);
  const folder = await scratch();
  const { running, run } = await manager({ description: defaultDescription({ valve }) });
  const current = () =>
    running.state.service("Cluster 1", "hue").config.get("hue_service_safety_valve") ?? "";
  const endpoint = ["--balancer", "external", "--server-host", "lb.example.com", "--server-port", "10001"];
  const places = ["--state-dir", "state", "--agent-config", "none"];
  const applied = await run(["--non-interactive", "--json", ...endpoint, ...places], { cwd: folder });
  expect(applied.status, applied.stdout.slice(0, 2000)).toBe(0);
  const added = "  server_port=10001\r\n  server_conn_timeout=3600\r\n";
  const changed = current();
  expect(changed).toContain("server_host = lb.example.com # why\r\n");
  expect(changed.replace("lb.example.com", "old").replace(added, "")).toBe(valve);
  expect(applied.stdout).not.toContain("hunter2");
  const undone = await run(["undo", "--yes", "--state-dir", "state"], { cwd: folder });
  expect(undone.status, undone.stderr).toBe(0);
  expect(current()).toBe(valve);
});

it("the password is in no process's command line, in no output and in no file", async () => {
  const folder = await scratch();
  await mkdir(join(folder, "out"));
  const { running, run } = await manager({ description: defaultDescription({ valve: "" }) });
  // While the answer is awaited, every process of this machine is looked at.
  running.setFault({ path: "/clusters", times: 1, fault: { kind: "slow-headers", delay: 500 } });
  const seen = running.nextRequest(({ path }) => path.endsWith("/version"));
  const endpoint = ["--balancer", "external", "--server-host", "lb.example.com", "--server-port", "10001"];
  const options = {
    cwd: folder,
    env: {},
    input: `${PASSWORD}\n`,
  };
  const words = [
    "--non-interactive",
    "--verbose",
    "--cm-password-stdin",
    "--save-answers",
    "out/answers.yaml",
  ];
  const applied = run([...words, ...endpoint, "--state-dir", "state", "--agent-config", "none"], options);
  await seen;
  const commandLines = await everyCommandLine();
  const ended = await applied;
  expect(ended.status, ended.stderr).toBe(0);
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "latin1")),
  );
  const secrets = [
    PASSWORD,
    Buffer.from(PASSWORD).toString("base64"),
    Buffer.from(`admin:${PASSWORD}`).toString("base64"),
  ];
  for (const text of [...commandLines, ...texts, ended.stdout, ended.stderr]) {
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
  expect(commandLines.some((line) => line.includes("--cm-password-stdin"))).toBe(true);
});

async function everyCommandLine(): Promise<string[]> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => "")));
}
