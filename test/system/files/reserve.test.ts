import { readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { reserveRoom } from "../../../src/system/files/reserve.ts";
import { sweepLeftovers } from "../../../src/system/files/safe-write.ts";
import { temporaryFolder } from "./editor.ts";

const top = temporaryFolder();
const spareRoot = join(top, "state");

describe("room that is kept", () => {
  test("is really taken, under a name that Hue does not load, and given back", async () => {
    const room = await reserveRoom(join(top, "hue.ini"), 100_000, { spareRoot });
    const [name = ""] = readdirSync(top);
    expect(name).toMatch(/^\.hue\.ini\.hue-impala-setup-/);
    expect(statSync(join(top, name)).blocks * 512).toBeGreaterThanOrEqual(100_000);
    await room.release();
    await room.release();
    expect(readdirSync(top)).toEqual([]);
  });

  test("is swept up with everything else that killed runs have left, beside every file named", async () => {
    const files = ["hue.ini", "haproxy.cfg", "gone/spec.json"].map((name) => join(top, name));
    for (const path of files.slice(0, 2)) {
      writeFileSync(path, "");
      await reserveRoom(path, 10, { spareRoot });
    }
    // As if it were of a process that has ended.
    for (const name of readdirSync(top).filter((one) => one.startsWith("."))) {
      renameSync(join(top, name), join(top, name.replace(`-${process.pid}-`, "-4194304-")));
    }
    expect(await sweepLeftovers([...files, ...files], { spareRoot })).toHaveLength(2);
    expect(readdirSync(top).sort()).toEqual(["haproxy.cfg", "hue.ini"]);
  });
});
