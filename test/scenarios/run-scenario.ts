import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { defaultDescription, severalClusters, startCloudera } from "../../fixtures/cloudera-manager/index.ts";
import { defaultUsers } from "../../fixtures/cloudera-manager/users.ts";
import { privateCa } from "../../fixtures/pki/index.ts";
import { PASSWORD } from "../support/cloudera.ts";
import { freePort } from "../support/free-port.ts";
import { ROOT, runProgram } from "../support/program.ts";
import { scratch } from "../support/scratch.ts";
import { type Scenario, type ScenarioStep, words } from "./scenario.ts";

type Values = Readonly<Record<string, string>>;
type Cloudera = Awaited<ReturnType<typeof startCloudera>>;

/**
 * Runs a scenario in a folder of its own: files, Cloudera Manager, then every step with all it expects.
 * @param run how the program is run
 */
export async function runScenario(scenario: Scenario, run: typeof runProgram = runProgram): Promise<void> {
  const folder = await scratch();
  // Other accounts may look into it; the modes of the files decide.
  await chmod(folder, 0o755);
  const cloudera = await startManager(scenario);
  const values = await placeholders(folder, cloudera);
  await writeFiles(scenario, folder, values);
  for (const [index, step] of scenario.steps.entries()) {
    await runStep(step, `step ${index + 1} of "${scenario.title}"`, folder, values, cloudera, run);
  }
}

async function startManager({ cloudera }: Scenario): Promise<Cloudera | undefined> {
  if (cloudera === undefined) return undefined;
  const description =
    cloudera.clusters === undefined
      ? defaultDescription(cloudera.cluster)
      : severalClusters(cloudera.clusters, cloudera.cluster);
  const manager = await startCloudera({
    apiVersion: cloudera.apiVersion,
    description,
    users: defaultUsers(PASSWORD),
    faults: cloudera.faults,
    ...(cloudera.tls === false ? {} : { tls: cloudera.tls }),
  } as Parameters<typeof startCloudera>[0]);
  onTestFinished(() => manager.close());
  return manager;
}

async function placeholders(folder: string, cloudera: Cloudera | undefined): Promise<Values> {
  const port = await freePort();
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return {
    dir: folder,
    root: ROOT.replace(/\/$/, ""),
    cm: cloudera?.url ?? "",
    ca: privateCa().caFile,
    port: String(port),
    closed: String(await freePort()),
    open: String(portOf(server)),
    places: `--spec ${folder}/balancer.json --unit-dir ${folder}/units --state-dir ${folder}/state --agent-config ${folder}/agent.ini --admin-listen 127.0.0.1:${await freePort()}`,
  };
}

function fill(text: string, values: Values): string {
  return text.replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
}

async function writeFiles({ files }: Scenario, folder: string, values: Values): Promise<void> {
  for (const [name, file] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    if (typeof file === "string") await writeFile(path, fill(file, values));
    else if (file.copy === undefined) await writeFile(path, fill(file.text ?? "", values));
    else await copyFile(join(ROOT, file.copy), path);
    if (typeof file !== "string" && file.mode !== undefined) await chmod(path, file.mode);
  }
}

async function runStep(
  step: ScenarioStep,
  where: string,
  folder: string,
  values: Values,
  cloudera: Cloudera | undefined,
  runIt: typeof runProgram,
): Promise<void> {
  const before = await snapshot(folder, step.untouched);
  const environment = Object.entries(step.env).map(([name, text]) => [name, fill(text, values)]);
  const run = await runIt(words(fill(step.run, values)), {
    cwd: folder,
    env: { HUE_IMPALA_SETUP_CM_PASSWORD: PASSWORD, ...Object.fromEntries(environment) },
    input: fill(step.input, values),
    ...(step.uid === undefined ? {} : { uid: step.uid }),
  });
  const shown = `${where}: exit ${run.status}\n--- stdout\n${run.stdout}\n--- stderr\n${run.stderr}`;
  expect(run.status, shown).toBe(step.exit);
  if (step.stdout !== undefined) expect(run.stdout, shown).toBe(fill(step.stdout, values));
  for (const part of step.stdoutHas) expect(run.stdout, shown).toContain(fill(part, values));
  for (const part of step.stderrHas) expect(run.stderr, shown).toContain(fill(part, values));
  if (step.json !== undefined) {
    expect(JSON.parse(run.stdout), shown).toMatchObject(JSON.parse(fill(JSON.stringify(step.json), values)));
    expect(run.stdout.trimEnd().split("\n"), "one JSON document").toHaveLength(1);
  }
  for (const [name, text] of Object.entries(step.files)) {
    expect(await readFile(join(folder, name), "utf8"), `${shown}\n${name}`).toBe(fill(text, values));
  }
  for (const name of step.absent)
    await expect(stat(join(folder, name)), `${where}: ${name}`).rejects.toThrow("ENOENT");
  expect(await snapshot(folder, step.untouched), `${where}: touched`).toEqual(before);
  if (step.valve !== undefined) expect(cloudera && serviceValve(cloudera), shown).toBe(step.valve);
  expect(run.stdout + run.stderr, `${where}: password shown`).not.toContain(PASSWORD);
  await expectNoPassword(folder, where);
}

async function snapshot(folder: string, names: readonly string[]): Promise<unknown> {
  return Promise.all(
    names.map(async (name) => {
      const { mtimeMs, ino, mode, size } = await stat(join(folder, name));
      return { name, mtimeMs, ino, mode, size };
    }),
  );
}

/** Nothing that a run leaves behind may hold the password; files of the scenario itself are named `password*`. */
async function expectNoPassword(folder: string, where: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith("password")) continue;
    const text = await readFile(join(entry.parentPath, entry.name), "latin1");
    expect(text, `${where}: password in ${entry.name}`).not.toContain(PASSWORD);
  }
}

function serviceValve(cloudera: Cloudera): string {
  const [cluster] = cloudera.state.clusters.values();
  const hue = [...(cluster?.services.values() ?? [])].find(({ type }) => type === "HUE");
  return hue?.config.get("hue_service_safety_valve") ?? "";
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
