import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Applied, apply } from "../../../src/setup/apply/apply.ts";
import { Journal } from "../../../src/setup/apply/journal/journal.ts";
import { reversePlan } from "../../../src/setup/apply/reverse-plan.ts";
import type { Change, FileChange, Plan, ServiceChange } from "../../../src/setup/plan/change.ts";
import type { WritableWorld } from "../../../src/setup/world/world.ts";
import { acquireLock } from "../../../src/system/processes/lock.ts";
import { scratch } from "../../support/scratch.ts";
import { MemoryUnits, testWorld } from "../world.ts";

interface Stage {
  readonly folder: string;
  readonly services: MemoryUnits;
  readonly abort: AbortController;
  readonly world: WritableWorld;
  readonly stateDir: string;
}

async function stage(): Promise<Stage> {
  const folder = await scratch();
  const services = new MemoryUnits();
  const abort = new AbortController();
  const world = testWorld({ units: services, signal: abort.signal });
  return { folder, services, abort, stateDir: join(folder, "state"), world };
}

const NO_CLOUDERA = () => Promise.reject(new Error("nothing was changed in Cloudera Manager"));

function file(path: string, before: string | null, after: string): FileChange {
  const bytes = before === null ? null : Buffer.from(before);
  return {
    kind: before === null ? "file-create" : "file-edit",
    target: path,
    before: bytes,
    after: Buffer.from(after),
    mode: 0o644,
  };
}

function service(extra: Partial<ServiceChange> = {}): ServiceChange {
  return {
    kind: "service",
    target: "lb.service",
    action: "start",
    wasActive: false,
    wasEnabled: false,
    ...extra,
  };
}

function plan(...changes: Change[]): Plan {
  return { changes, warnings: [], next: [] };
}

/** The apply that an undo would begin with. */
async function newest(stateDir: string) {
  for await (const journal of Journal.undoable(stateDir, testWorld())) return journal;
  return undefined;
}

function statuses({ report }: Applied): string[] {
  return report.outcomes.map(({ status }) => status);
}

async function listening(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { server, port: typeof address === "object" && address !== null ? address.port : 0 };
}

describe("apply", () => {
  it("makes the changes in their order and records each, with the way back", async () => {
    const { folder, services, world, stateDir } = await stage();
    const spec = join(folder, "spec.json");
    const hueIni = join(folder, "hue.ini");
    await writeFile(hueIni, "[impala]\n");
    const { port } = await listening();
    services.onAct = async () => {
      expect(existsSync(spec)).toBe(true);
      expect(await readFile(hueIni, "utf8")).toBe("[impala]\n");
    };
    const start = service({ socketUnit: "lb.socket", ready: { host: "127.0.0.1", port } });
    // The port is taken by the test's own listener, which stands for the started balancer.
    const done = await apply(
      plan(
        file(spec, null, "{}"),
        { ...start, action: "restart" },
        file(hueIni, "[impala]\n", "[impala]\na=1\n"),
      ),
      world,
      { stateDir },
    );
    expect(statuses(done)).toEqual(["changed", "changed", "changed"]);
    expect(services.log).toEqual(["daemon-reload", "restart lb.service"]);
    const latest = await newest(stateDir);
    expect(latest?.content.steps.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      "file done",
      "service done",
      "file done",
    ]);
  });

  it("does nothing at all for an empty plan", async () => {
    const { world, stateDir } = await stage();
    await apply(plan(), world, { stateDir });
    expect(existsSync(stateDir)).toBe(false);
  });

  it("takes back what was done when a change fails, in reverse order", async () => {
    const { folder, services, world, stateDir } = await stage();
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    await writeFile(first, "old\n");
    await writeFile(second, "changed by somebody else\n");
    const done = await apply(
      plan(file(first, "old\n", "new\n"), service(), file(second, "as it was read\n", "new\n")),
      world,
      { stateDir },
    );
    expect(done.failure?.kind).toBe("failed");
    expect(statuses(done)).toEqual(["rolled-back", "rolled-back", "failed"]);
    expect(await readFile(first, "utf8")).toBe("old\n");
    expect(await readFile(second, "utf8")).toBe("changed by somebody else\n");
    expect(services.log).toEqual([
      "daemon-reload",
      "enable lb.service",
      "start lb.service",
      "daemon-reload",
      "stop lb.service",
      "disable lb.service",
    ]);
  });

  it("finishes the change at work and takes everything back when it is interrupted", async () => {
    const { folder, services, abort, world, stateDir } = await stage();
    const path = join(folder, "first");
    services.onAct = async (verb) => {
      if (verb === "start") abort.abort("SIGINT");
    };
    const done = await apply(
      plan(file(path, null, "new\n"), service(), file(join(folder, "never"), null, "x")),
      world,
      { stateDir },
    );
    expect(done.failure?.kind).toBe("interrupted");
    expect(statuses(done)).toEqual(["rolled-back", "rolled-back", "planned"]);
    expect(await readdir(folder)).not.toContain("first");
    expect(services.log).toContain("stop lb.service");
  });

  it("ends as partly applied when the way back is blocked, and names the journal", async () => {
    const { folder, services, world, stateDir } = await stage();
    const path = join(folder, "first");
    services.onAct = async () => {
      await writeFile(path, "changed by somebody else\n");
      throw new Error("the unit is masked");
    };
    const done = await apply(plan(file(path, null, "new\n"), service()), world, { stateDir });
    expect(done.failure).toMatchObject({ kind: "partial", code: "partly-applied" });
    expect(done.failure?.message).toContain("the unit is masked");
    expect(done.failure?.hint).toContain(done.report.journal ?? "?");
    expect(await readFile(path, "utf8")).toBe("changed by somebody else\n");
  });

  it("never runs beside another run", async () => {
    const { folder, world, stateDir } = await stage();
    await mkdir(stateDir);
    const lock = await acquireLock(join(stateDir, "lock"));
    await expect(apply(plan(file(join(folder, "x"), null, "x")), world, { stateDir })).rejects.toMatchObject({
      kind: "locked",
    });
    await lock.release();
    expect(existsSync(join(folder, "x"))).toBe(false);
  });
});

describe("undo", () => {
  it("brings everything back, once; a file comes before the reload that makes the service read it", async () => {
    const { folder, services, world, stateDir } = await stage();
    const path = join(folder, "spec.json");
    await writeFile(path, "old\n");
    services.units.set("lb.service", { active: true, enabled: true });
    await apply(
      plan(file(path, "old\n", "new\n"), service({ action: "reload", wasActive: true, wasEnabled: true })),
      world,
      { stateDir },
    );
    const latest = await newest(stateDir);
    const back = await reversePlan(latest?.content.steps ?? [], world, NO_CLOUDERA);
    expect(back.changes.map(({ kind }) => kind)).toEqual(["file-edit", "service"]);
    const done = await apply(back, world, { stateDir, undoes: latest?.name ?? "" });
    expect(statuses(done)).toEqual(["changed", "changed"]);
    expect(await readFile(path, "utf8")).toBe("old\n");
    expect(await newest(stateDir)).toBeUndefined();
  });
});
