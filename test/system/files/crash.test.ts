import { spawnSync } from "node:child_process";
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
      /** Which call the kill came before, or in the middle of; undefined: the run ended before that step. */
      const killAt = async (step: number, half: boolean): Promise<string | undefined> => {
        const one = scenario(way, `${way}-${step}-${half}`);
        const { signal, lines } = await ended(start({ ...one.job, killAt: step, half }, one.uid));
        if (signal !== "SIGKILL") {
          expect(lines.at(-1)?.failure).toBeUndefined();
          return undefined;
        }
        const after = await nextRun(one);
        expect(way === "create" || way === "remove" ? [1, undefined] : [1, 2]).toContain(after.generation);
        if (after.torn) torn += 1;
        seen.push(`${lines.at(-1)?.killedAt}`);
        return lines.at(-1)?.killedAt;
      };
      const killAround = async (step: number): Promise<boolean> => {
        const call = await killAt(step, false);
        if (call === "write") await killAt(step, true);
        return call !== undefined;
      };
      // Four at a time: the children mostly start up.
      for (let step = 1, more = true; more; step += 4) {
        const steps = await Promise.all([step, step + 1, step + 2, step + 3].map(killAround));
        more = steps.every(Boolean);
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

describe.concurrent("210 kills at random instants", () => {
  test.each(["rename", "hard link"] as const)(
    "%s: 0 torn files, 0 leftovers",
    async (way) => {
      const one = scenario(way, `random-${way}`);
      let last = 1;
      let edits = 0;
      for (let kill = 0; kill < 105; kill += 1) {
        const child = start({ ...one.job, action: "loop" });
        const end = ended(child);
        // From the first finished edit on; then an instant within the next few.
        await new Promise((resolve) => child.stdout?.once("data", resolve));
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
        child.kill("SIGKILL");
        const { lines } = await end;
        expect(lines.filter(({ failure }) => failure !== undefined)).toEqual([]);
        const { generation } = await nextRun(one);
        const done = lines.at(-1)?.generation ?? 0;
        // The last edit that was reported stands, or the one that was on its way.
        expect([done + 1, done + 2]).toContain(generation);
        expect(generation).toBeGreaterThan(last);
        last = generation ?? last;
        edits += lines.length;
      }
      expect(edits).toBeGreaterThanOrEqual(105);
      expect(readdirSync(one.folder).filter((name) => name.endsWith(".bak")).length).toBeLessThanOrEqual(11);
    },
    240_000,
  );
});
