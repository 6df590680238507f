import { type ChildProcess, spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Job } from "../../../fixtures/crash/edit.main.ts";
import { contentOf, generationOf } from "../../../fixtures/crash/generations.ts";
import { findLeftovers, removeLeftovers } from "../../../src/system/files/safe-write.ts";
import { acquireLock } from "../../../src/system/processes/lock.ts";
import { editor, ended, temporaryFolder } from "./editor.ts";

const NOBODY = 65534;
const root = process.getuid?.() === 0;
const { start } = editor();
const top = temporaryFolder();

interface Scenario {
  readonly name: string;
  readonly folder: string;
  readonly job: Job;
  readonly uid?: number;
}

type Way = "rename" | "hard link" | "closed folder" | "create" | "remove";

/** A folder of its own with generation 1 of hue.ini (but for `create`). */
function scenario(way: Way, name: string): Scenario {
  const folder = join(top, name, "conf");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "hue.ini");
  if (way !== "create") writeFileSync(path, contentOf(1), { mode: 0o640 });
  if (way === "hard link") linkSync(path, join(top, name, "second-name"));
  const state = join(top, name, "state");
  mkdirSync(state);
  const closed = way === "closed folder";
  if (closed && root) for (const owned of [path, state]) chownSync(owned, NOBODY, NOBODY);
  const action = way === "create" || way === "remove" ? way : "next";
  const job: Job = { path, action, lock: join(state, "lock"), spareRoot: join(state, "files") };
  return { name, folder, job, ...(closed ? { uid: NOBODY } : {}) };
}

/** What stands in the file once the next run has cleaned up; before that, a file must be whole or have a record. */
async function nextRun({
  folder,
  job,
  uid,
}: Scenario): Promise<{ generation: number | undefined; torn: boolean }> {
  const options = { spareRoot: job.spareRoot };
  // The next run is root's here, who believes no other user's state folder.
  if (uid !== undefined) spawnSync("chown", ["-R", "0:0", join(folder, "../state")]);
  expect(readdirSync(folder).filter((name) => name.endsWith(".ini") && name !== "hue.ini")).toEqual([]);
  const lock = await acquireLock(job.lock ?? "");
  const torn = (await findLeftovers(job.path, options)).rewrites.some(({ state }) => state === "torn");
  const { restored } = await removeLeftovers(job.path, options);
  expect(restored).toBe(torn);
  await lock.release();

  expect(await findLeftovers(job.path, options)).toEqual({ temporary: [], rewrites: [] });
  const state = join(folder, "../state");
  const names = [...readdirSync(folder), ...(readdirSync(state, { recursive: true }) as string[])];
  const strange = names.filter((name) => !/(^hue\.ini|\.bak|^files|^files\/[0-9a-f]{16})$/.test(name));
  expect(strange).toEqual([]);
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith(".bak"))) {
    expect(generationOf(readFileSync(join(folder, name)))).toBeDefined();
  }
  if (!existsSync(job.path)) return { generation: undefined, torn };
  const generation = generationOf(readFileSync(job.path));
  expect(generation, `${job.path} is torn`).toBeDefined();
  return { generation, torn };
}

describe("a kill at every call that changes the disk", () => {
  const ways: Way[] = [
    "rename",
    "hard link",
    "create",
    "remove",
    ...(root ? (["closed folder"] as const) : []),
  ];

  test.each(ways)(
    "%s: the whole old or the whole new file, and the next run cleans up",
    async (way) => {
      const seen: string[] = [];
      let torn = 0;
      /**
       * Before which calls, or in the middle of which, runs were killed; undefined: the run ended before that step.
       * One process has them all in hand, each stopped at its step, and is killed: so many die at once.
       */
      const killAt = async (steps: readonly number[], half: boolean): Promise<(string | undefined)[]> => {
        const all = steps.map((step) => scenario(way, `${way}-${step}-${half}`));
        const jobs = all.map(({ job }, at) => ({ ...job, killAt: steps[at], half }) as Job);
        const { signal, lines } = await ended(start(jobs, all[0]?.uid));
        const calls: (string | undefined)[] = [];
        for (const [at, one] of all.entries()) {
          const last = lines.findLast(({ of }) => of === at);
          expect(last?.failure).toBeUndefined();
          calls.push(last?.killedAt);
          if (last?.killedAt === undefined) expect(last).toBeDefined();
          else {
            expect(signal).toBe("SIGKILL");
            const after = await nextRun(one);
            expect(way === "create" || way === "remove" ? [1, undefined] : [1, 2]).toContain(
              after.generation,
            );
            if (after.torn) torn += 1;
            seen.push(last.killedAt);
          }
        }
        return calls;
      };
      for (let first = 1, more = true; more; first += 16) {
        const steps = Array.from({ length: 16 }, (_, at) => first + at);
        const calls = await killAt(steps, false);
        const writes = steps.filter((_, at) => calls[at] === "write");
        if (writes.length > 0) expect(await killAt(writes, true)).toEqual(writes.map(() => "write"));
        more = calls.every((call) => call !== undefined);
      }
      for (const call of ["write", "fsync"]) expect(seen).toContain(call);
      if (way === "rename") expect(seen).toContain("rename");
      if (way === "hard link" || way === "closed folder") expect(torn).toBeGreaterThan(0);
      else expect(torn).toBe(0);
    },
    240_000,
  );
});

test("a kill at every call of the recovery itself: the next run starts it again", async () => {
  const one = scenario("hard link", "recovery");
  writeFileSync(one.job.path, contentOf(2));
  // Generation 3 is shorter: until the end is cut off, the file holds parts of both.
  await ended(start({ ...one.job, killAt: "truncate" }));
  let torn = 0;
  for (let at = 1, killed = true; killed; at += 1) {
    const { rewrites } = await findLeftovers(one.job.path, one.job);
    if (rewrites.some(({ state }) => state === "torn")) torn += 1;
    const { signal, lines } = await ended(start({ ...one.job, killAt: at, half: true }));
    expect(lines.at(-1)?.failure).toBeUndefined();
    killed = signal === "SIGKILL";
  }
  expect(torn).toBeGreaterThanOrEqual(8);
  expect((await nextRun(one)).generation).toBeGreaterThanOrEqual(3);
}, 120_000);

test("210 edits killed at random instants, six at a time: 0 torn files, 0 leftovers", async () => {
  const all = Array.from({ length: 6 }, (_, at) =>
    at % 2 === 0 ? scenario("rename", `random-rename-${at}`) : scenario("hard link", `random-link-${at}`),
  );
  const last = all.map(() => 1);
  const edits = all.map(() => 0);
  for (let kill = 0; kill < 35; kill += 1) {
    const child = start(all.map(({ job }) => ({ ...job, action: "loop" })));
    const end = ended(child);
    // From the first finished edit of each on; then an instant within the next few.
    await begun(child, all.length);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
    child.kill("SIGKILL");
    const { lines } = await end;
    expect(lines.filter(({ failure }) => failure !== undefined)).toEqual([]);
    for (const [at, one] of all.entries()) {
      const { generation } = await nextRun(one);
      const mine = lines.filter(({ of }) => of === at);
      const done = mine.at(-1)?.generation ?? 0;
      // The last edit that was reported stands, or the one that was on its way.
      expect([done + 1, done + 2]).toContain(generation);
      expect(generation).toBeGreaterThan(last[at] ?? 0);
      last[at] = generation ?? 0;
      edits[at] = (edits[at] ?? 0) + mine.length;
    }
  }
  for (const [at, { folder }] of all.entries()) {
    expect(edits[at]).toBeGreaterThanOrEqual(35);
    expect(readdirSync(folder).filter((name) => name.endsWith(".bak")).length).toBeLessThanOrEqual(11);
  }
}, 240_000);

/** Waits until each of the jobs of a child has told of an edit. */
function begun(child: ChildProcess, jobs: number): Promise<void> {
  const seen = new Set<string>();
  let text = "";
  return new Promise((resolve) => {
    child.stdout?.on("data", (chunk: string) => {
      text += chunk;
      for (const [, of = ""] of text.matchAll(/^\{"of":(\d+),.*\n/gm)) seen.add(of);
      if (seen.size === jobs) resolve();
    });
  });
}
