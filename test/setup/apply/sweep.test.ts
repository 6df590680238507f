import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { apply } from "../../../src/setup/apply/apply.ts";
import { Journal } from "../../../src/setup/apply/journal/journal.ts";
import { saveAnswers } from "../../../src/setup/apply/save-answers.ts";
import type { Plan } from "../../../src/setup/plan/change.ts";
import { acquireLock } from "../../../src/system/processes/lock.ts";
import { scratch } from "../../support/scratch.ts";
import { testWorld } from "../world.ts";

/** Of a process that has ended, since no process has such a number. */
const DEAD = "hue-impala-setup-999999999-1-0123456789abcdef";
const NOTHING: Plan = { changes: [], warnings: [], next: [] };

function creating(path: string): Plan {
  const change = {
    kind: "file-create",
    target: path,
    before: null,
    after: Buffer.from("x"),
    mode: 0o644,
  } as const;
  return { changes: [change], warnings: [], next: [] };
}

/** A host on which a run wrote two files, and a later one was killed while it wrote beside them. */
async function afterKill() {
  const folder = await scratch();
  const stateDir = join(folder, "state");
  const [one, other] = [join(folder, "one/haproxy.cfg"), join(folder, "two/balancer.json")];
  for (const path of [one, other]) await apply(creating(path), testWorld(), { stateDir });
  const left = [
    join(dirname(one), `.haproxy.cfg.${DEAD}`),
    join(dirname(one), `.another.cfg.${DEAD}`),
    join(stateDir, "journal", `.20260101T000000000Z.journal.json.${DEAD}`),
  ];
  const strangers = [
    join(dirname(one), `.haproxy.cfg.${DEAD}.mine`),
    join(dirname(one), `haproxy.cfg.${DEAD}`),
  ];
  for (const path of [...left, ...strangers]) await writeFile(path, "");
  return { folder, stateDir, left, strangers };
}

describe("what a killed run has left", () => {
  it.each([
    ["has nothing to do", (_: string) => NOTHING],
    ["writes somewhere else", (folder: string) => creating(join(folder, "three"))],
  ])("is gone after the next run, in every folder ever written to, even if that %s", async (_, plan) => {
    const { folder, stateDir, left, strangers } = await afterKill();
    await apply(plan(folder), testWorld(), { stateDir });
    expect(left.filter(existsSync)).toEqual([]);
    expect(strangers.filter(existsSync)).toEqual(strangers);
  });

  it("stays while another run is at work, and where the journals tell nothing", async () => {
    const { stateDir, left } = await afterKill();
    const lock = await acquireLock(join(stateDir, "lock"));
    await apply(NOTHING, testWorld(), { stateDir });
    await lock.release();
    expect(left.filter(existsSync)).toEqual(left);
    await apply(NOTHING, testWorld(), { stateDir: `${stateDir}2` });
    expect(left.filter(existsSync)).toEqual(left);
    expect(existsSync(`${stateDir}2`)).toBe(false);
  });

  it("a journal that cannot be read keeps nothing from being swept that others tell of", async () => {
    const { stateDir, left } = await afterKill();
    await writeFile(join(stateDir, "journal", "20270101T000000000Z.journal.json"), "{");
    await apply(NOTHING, testWorld(), { stateDir });
    expect(left.filter(existsSync)).toEqual([]);
  });
});

describe("what a run killed while it saved its answers has left", () => {
  it("is gone after the next apply, and before the next answers are saved there", async () => {
    const folder = await scratch();
    const [stateDir, answers] = [join(folder, "state"), join(folder, "home/answers.yaml")];
    const left = join(dirname(answers), `.answers.yaml.${DEAD}`);
    await mkdir(dirname(answers));
    await apply(creating(join(folder, "one")), testWorld(), { stateDir, saves: answers });
    await writeFile(left, "");
    await apply(NOTHING, testWorld(), { stateDir });
    expect(existsSync(left)).toBe(false);
    const other = join(dirname(answers), `.other.yaml.${DEAD}`);
    await writeFile(other, "");
    await saveAnswers(answers, {}, testWorld());
    expect(await readdir(dirname(answers))).toEqual(["answers.yaml"]);
  });
});

describe("after a run that was taken back", () => {
  it("no backup and no folder of it is left", async () => {
    const folder = await scratch();
    const [hueIni, late] = [join(folder, "hue.ini"), join(folder, "late")];
    await writeFile(hueIni, "old\n");
    await writeFile(late, "somebody was faster\n");
    const file = (target: string, before: string | null, after: string) => ({
      kind: before === null ? ("file-create" as const) : ("file-edit" as const),
      target,
      before: before === null ? null : Buffer.from(before),
      after: Buffer.from(after),
      mode: 0o644,
    });
    const changes = [
      file(hueIni, "old\n", "new\n"),
      file(join(folder, "etc/deep/spec.json"), null, "{}"),
      file(late, null, "x"),
    ];
    const done = await apply({ ...NOTHING, changes }, testWorld(), { stateDir: join(folder, "state") });
    expect(done.failure).toMatchObject({ kind: "failed", code: "changed-meanwhile" });
    expect((await readdir(folder)).filter((name) => !name.endsWith(".new")).sort()).toEqual([
      "hue.ini",
      "late",
      "state",
    ]);
    expect(await readFile(hueIni, "utf8")).toBe("old\n");
  });
});

describe("an undo that failed on the way", () => {
  it("is not taken for a complete one, though each of its steps is done", async () => {
    const folder = await scratch();
    const stateDir = join(folder, "state");
    const world = testWorld();
    await apply(creating(join(folder, "one")), world, { stateDir });
    const newest = async () => {
      for await (const { name } of Journal.undoable(stateDir, world)) return name;
      return undefined;
    };
    const name = await newest();
    const undoing = await Journal.create(world, stateDir, { undoes: name ?? "", planned: 2 });
    const step = { kind: "command", status: "begun", cluster: "c", service: "hue" } as const;
    await (await undoing.begin(step))();
    expect(await newest()).toBe(name);
    await (await undoing.begin(step))();
    expect(await newest()).toBeUndefined();
  });
});
