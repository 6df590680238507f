import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { query } from "../../../fixtures/impalad/client.ts";
import { HuePool, runUser, type UserOutcome } from "../../../fixtures/impalad/hue-pool.ts";
import { control } from "../../../src/balancer/admin/control/control.ts";
import { eventually } from "../support/eventually.ts";
import { type BalancerProgram, built, killAll, QUICK_HEALTH, startProgram } from "../support/programs.ts";
import { holdSocket, type ImpaladProgram, killPrograms, startImpaladProgram } from "./support/programs.ts";

// Many processes on what may be a busy machine: nothing here is about time.
vi.setConfig({ testTimeout: 180_000 });

let impalads: ImpaladProgram[] = [];
const pools: HuePool[] = [];
let folder = "";

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sessions-"));
  impalads = await Promise.all([1, 2, 3].map((i) => startImpaladProgram({ name: `impala${i}`, port: 0 })));
});

afterEach(async () => {
  for (const pool of pools.splice(0)) pool.close();
  await killPrograms();
  await killAll();
  rmSync(folder, { recursive: true, force: true });
});

function backends(of: readonly ImpaladProgram[] = impalads) {
  return of.map(({ name, address }) => ({ name, address }));
}

/** Sees a frozen Impalad too. */
const SESSION_HEALTH = { ...QUICK_HEALTH, hiveserver2: { user: "health" } };

function listener(of: readonly ImpaladProgram[] = impalads): object {
  return { balance: "session", backends: backends(of), health: SESSION_HEALTH };
}

function hue(port: number, size = 20): HuePool {
  const pool = new HuePool({ host: "127.0.0.1", port, size, timeout: 60 });
  pools.push(pool);
  return pool;
}

/** Hue's users at work: until `stop()`, then each finishes its query. */
function work(pool: HuePool, count: number) {
  let going = true;
  let done = 0;
  let hold: Promise<void> | undefined;
  const outcomes = Promise.all(
    Array.from({ length: count }, async (_, i): Promise<UserOutcome[]> => {
      const all: UserOutcome[] = [];
      for (let round = 0; going; round++) {
        const between = async (): Promise<void> => {
          done++;
          await hold;
        };
        all.push(await runUser(pool, { name: `user${i}-${round}`, queries: 4, between }));
      }
      return all;
    }),
  );
  return {
    /** Resolves when so many more queries are over. */
    async queries(more: number): Promise<void> {
      const goal = done + more;
      await eventually(() => done >= goal, `${goal} queries`);
    },
    /** Nobody calls while this runs: every user stops before the next query. */
    async pause(during: () => Promise<void>): Promise<void> {
      let release = (): void => undefined;
      hold = new Promise((resolve) => {
        release = resolve;
      });
      const before = pool.stats.calls;
      await eventually(() => pool.busy === 0 && pool.stats.calls >= before, "all users at rest");
      await during();
      hold = undefined;
      release();
    },
    async stop(): Promise<{ succeeded: number; failed: number; errors: string[]; failedOn: string[] }> {
      going = false;
      const all = (await outcomes).flat();
      return {
        succeeded: all.reduce((sum, each) => sum + each.succeeded, 0),
        failed: all.reduce((sum, each) => sum + each.failed, 0),
        errors: all.flatMap((each) => each.errors),
        failedOn: all.flatMap((each) => each.failedOn),
      };
    },
  };
}

function impalad(index: number): ImpaladProgram {
  const found = impalads[index];
  if (found === undefined) throw new Error(`no Impalad ${index}`);
  return found;
}

function expectOnlyOn(failedOn: string[], victim: ImpaladProgram): void {
  expect(failedOn.filter((address) => address !== victim.httpAddr)).toEqual([]);
}

async function ready(balancer: BalancerProgram, state: string, name: string): Promise<void> {
  await eventually(async () => (await balancer.backend(name)).state === state, `${name} ${state}`);
}

describe("faults under load", () => {
  test("kill -9 of one Impalad fails no query on the sessions of the others", async () => {
    const balancer = await startProgram(listener());
    const users = work(hue(balancer.port), 30);
    await users.queries(60);
    impalad(1).signal("SIGKILL");
    await users.queries(120);
    const result = await users.stop();
    expectOnlyOn(result.failedOn, impalad(1));
    expect(result.succeeded).toBeGreaterThan(150);
    await ready(balancer, "down", "impala2");
    await balancer.stop();
  });

  test("SIGSTOP of one Impalad fails no query on the sessions of the others, and nobody waits for it for ever", async () => {
    const balancer = await startProgram(listener());
    const users = work(hue(balancer.port, 30), 20);
    await users.queries(40);
    impalad(2).signal("SIGSTOP");
    await ready(balancer, "down", "impala3");
    await users.queries(60);
    const result = await users.stop();
    expectOnlyOn(result.failedOn, impalad(2));
    impalad(2).signal("SIGCONT");
    await ready(balancer, "up", "impala3");
    await balancer.stop();
  });

  test("drain of one Impalad fails nothing, gives it no new session, and ends when its last session has ended", async () => {
    const balancer = await startProgram(listener());
    const users = work(hue(balancer.port), 20);
    await users.queries(40);
    const drained = balancer.ask({ command: "drain", backend: "impala1", wait: true });
    await drained;
    // Its own health check opens sessions too: the users' are those that executed queries.
    const queries = (await impalad(0).stats()).queries;
    await users.queries(80);
    expect((await impalad(0).stats()).queries).toBe(queries);
    expect((await balancer.backend("impala1")).sessions).toBe(0);
    expect(await users.stop()).toMatchObject({ failed: 0, errors: [] });
    await balancer.stop();
  });

  test("a reload that adds an Impalad fails nothing, closes nothing, and the new one gets sessions", async () => {
    const balancer = await startProgram(listener(impalads.slice(0, 2)));
    const pool = hue(balancer.port);
    const users = work(pool, 20);
    await users.queries(40);
    balancer.writeSpec(listener());
    for (let i = 0; i < 3; i++) await balancer.ask({ command: "reload" });
    await eventually(async () => (await impalad(2).stats()).queries > 10, "queries on the new Impalad");
    expect(await users.stop()).toMatchObject({ failed: 0, errors: [] });
    expect(pool.stats).toMatchObject({ retries: 0, reopened: 0 });
    await balancer.stop();
  });
});

/** A specification whose listening socket is handed over. */
function specFor(name: string): { path: string; socket: string } {
  const path = join(folder, `${name}.json`);
  const socket = join(folder, `${name}.sock`);
  const whole = { name: "impala", bind: "127.0.0.1:1", ...listener() };
  writeFileSync(path, JSON.stringify({ version: 1, listeners: [whole], admin: { socket } }));
  return { path, socket };
}

async function up(socket: string): Promise<void> {
  await eventually(() => control(socket, { command: "status" }), "a balancer that runs");
}

describe("a balancer that goes and another that comes", () => {
  const command = (path: string) => [process.execPath, built("balancer/balancer.main.js"), path, "20"];

  test("restart under load: the listening socket is held, and no query fails", async () => {
    const holder = await holdSocket();
    const spec = specFor("balancer");
    let balancer = await holder.start(command(spec.path));
    await up(spec.socket);
    const pool = hue(holder.port);
    const users = work(pool, 30);
    for (let restart = 0; restart < 3; restart++) {
      await users.queries(60);
      balancer.signal("SIGTERM");
      await balancer.exited;
      balancer = await holder.start(command(spec.path));
      await up(spec.socket);
    }
    await users.queries(60);
    const status = await control(spec.socket, { command: "status" });
    expect(await users.stop()).toMatchObject({ failed: 0, errors: [] });
    // The new process knew nothing: it has asked for the owners of the sessions that went on.
    expect(status.listeners[0]?.routing?.handlesFound).toBeGreaterThan(0);
    expect(pool.stats.reopened).toBeGreaterThan(0);
  });

  test("a second balancer takes over at once while the first finishes its calls, and no query fails", async () => {
    const holder = await holdSocket();
    const [first, second] = [specFor("first"), specFor("second")];
    const old = await holder.start(command(first.path));
    await up(first.socket);
    const users = work(hue(holder.port), 30);
    await users.queries(60);
    await holder.start(command(second.path));
    await up(second.socket);
    old.signal("SIGTERM");
    await old.exited;
    await users.queries(60);
    expect(await users.stop()).toMatchObject({ failed: 0, errors: [] });
  });

  test("a balancer that dies costs the calls in flight at most: sessions go on through the next one", async () => {
    const holder = await holdSocket();
    const [first, second] = [specFor("first"), specFor("second")];
    const old = await holder.start(command(first.path));
    await up(first.socket);
    const users = work(hue(holder.port), 30);
    await users.queries(60);
    await users.pause(async () => {
      old.signal("SIGKILL");
      await old.exited;
      await holder.start(command(second.path));
      await up(second.socket);
    });
    await users.queries(60);
    expect(await users.stop()).toMatchObject({ failed: 0, errors: [] });
    expect(await query({ host: "127.0.0.1", port: holder.port }, "select 'x'")).toEqual([["x"]]);
  });
});
