import { chmodSync, chownSync, lchownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeStateFolder, readStateFile, stateFolderNames } from "../../../src/system/files/state-file.ts";
import { acquireLock } from "../../../src/system/processes/lock.ts";
import { temporaryFolder } from "./editor.ts";

const root = process.getuid?.() === 0;
const top = temporaryFolder();
const HUE = 64_999;
const what = { en: "the journal", ja: "ジャーナル" };
let folders = 0;

/** A state folder with a journal in it. */
function state(): { above: string; folder: string; file: string } {
  folders += 1;
  const above = join(top, `${folders}`);
  const folder = join(above, "state");
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, "one.json"), "{}", { mode: 0o600 });
  return { above, folder, file: join(folder, "one.json") };
}

describe("a folder of the program's own", () => {
  test("is made with its parents, and what is in it is read", async () => {
    const { folder, file } = state();
    await makeStateFolder(join(folder, "a/b"), 0o700);
    await makeStateFolder(join(folder, "a/b"), 0o700);
    expect(statSync(join(folder, "a/b")).mode & 0o7777).toBe(0o700);
    expect((await stateFolderNames(folder)).sort()).toEqual(["a", "one.json"]);
    expect(await readStateFile(file, what)).toEqual(Buffer.from("{}"));
    await expect(readStateFile(join(folder, "none"), what)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(stateFolderNames(join(folder, "none"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("below a shared, sticky one like /tmp is as good, if the step in it is ours", async () => {
    const { above, file } = state();
    chmodSync(above, 0o1777);
    expect(await readStateFile(file, what)).toEqual(Buffer.from("{}"));
  });

  test.each<[string, string, (one: ReturnType<typeof state>) => void]>([
    ["everybody may write to it", "everybody", ({ folder }) => chmodSync(folder, 0o777)],
    ["it is shared itself, sticky or not", "everybody", ({ folder }) => chmodSync(folder, 0o1777)],
    ["everybody may write to the one above", "everybody", ({ above }) => chmodSync(above, 0o777)],
    ["everybody may write to the file", "everybody", ({ file }) => chmodSync(file, 0o666)],
  ])("is not believed when %s", async (_what, stranger, spoil) => {
    const one = state();
    spoil(one);
    const refused = { kind: "auth", code: "untrusted-folder", message: expect.stringContaining(stranger) };
    await expect(readStateFile(one.file, what)).rejects.toMatchObject(refused);
  });

  test.skipIf(!root).each<[string, (one: ReturnType<typeof state>) => void]>([
    ["it belongs to somebody else", ({ folder }) => chownSync(folder, HUE, HUE)],
    ["the one above does", ({ above }) => chownSync(above, HUE, HUE)],
    ["the file does", ({ file }) => chownSync(file, HUE, HUE)],
    [
      "a group that is not root's may write to it",
      ({ folder }) => {
        chownSync(folder, 0, HUE);
        chmodSync(folder, 0o775);
      },
    ],
  ])("is not believed when %s [needs root, to change owners]", async (_what, spoil) => {
    const one = state();
    spoil(one);
    await expect(readStateFile(one.file, what)).rejects.toMatchObject({ code: "untrusted-folder" });
  });

  test.skipIf(!root)(
    "no lock is taken and nothing made in one of others [needs root, to change owners]",
    async () => {
      const { folder } = state();
      chownSync(folder, HUE, HUE);
      await expect(acquireLock(join(folder, "lock"))).rejects.toMatchObject({ code: "untrusted-folder" });
      await expect(makeStateFolder(join(folder, "a"), 0o700)).rejects.toMatchObject({
        code: "untrusted-folder",
      });
    },
  );

  test.skipIf(!root)("a link to it must be ours, too [needs root, to change owners]", async () => {
    const { above, file } = state();
    symlinkSync("state", join(above, "link"));
    expect(await readStateFile(join(above, "link/one.json"), what)).toEqual(Buffer.from("{}"));
    lchownSync(join(above, "link"), HUE, HUE);
    await expect(readStateFile(join(above, "link/one.json"), what)).rejects.toMatchObject({
      code: "untrusted-folder",
    });
    expect(await readStateFile(file, what)).toEqual(Buffer.from("{}"));
  });
});
