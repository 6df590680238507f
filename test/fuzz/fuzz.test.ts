import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FAULTY } from "./faulty.ts";
import { beginnings, stored } from "./seeds.ts";
import { FuzzSession } from "./session.ts";
import { TARGETS } from "./targets.ts";
import { watch } from "./watch.ts";

describe.each(TARGETS.map((target) => [target.name, target] as const))("%s", (_, target) => {
  test("deals with every input that has failed once", async () => {
    const session = new FuzzSession(target, await beginnings(target), 1);
    for (const { trials } of stored(target)) for (const trial of trials) await session.try(trial);
  });

  test("deals with its seeds, and with a thousand inputs made from them", async () => {
    const seeds = await beginnings(target);
    const session = new FuzzSession(target, seeds, 1);
    for (const bytes of seeds) await session.try({ bytes, seed: 1 });
    for (let count = 0; count < 1000; count++) await session.try(session.next());
    expect(session.kinds.size).toBeGreaterThan(1);
  });
});

describe("the fuzzer finds and keeps", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fuzz-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ["faulty-throws", /a b/],
    ["faulty-rejects-later", /too late/],
    ["faulty-hangs", /never ends/],
    ["faulty-grows", /buffers hold|memory/],
  ])("%s", async (name, what) => {
    const target = FAULTY.find((each) => each.name === name);
    if (target === undefined) throw new Error(`no target ${name}`);
    const program = new URL("../../build/test/fuzz/fuzz.main.js", import.meta.url);
    const outcome = await watch(target, { program, seconds: 1, seed: 1, folder, longestTrial: 2000 });
    expect(outcome.findings[0]?.what).toMatch(what);
    const kept = readdirSync(join(folder, name)).map((file) => readFileSync(join(folder, name, file)));
    expect(kept.length).toBeGreaterThan(0);
    if (name === "faulty-throws" || name === "faulty-hangs")
      expect(kept.every((each) => each.includes("b"))).toBe(true);
  });
});
