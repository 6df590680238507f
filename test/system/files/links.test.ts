import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judgeLinks, judgeNames } from "../../../src/system/files/place/judge.ts";
import type { FileStat } from "../../../src/system/files/port/fs-port.ts";
import { descriptorFs, pathFs } from "../../../src/system/files/port/real-fs.ts";
import { readWhole, safeWrite, sha256 } from "../../../src/system/files/safe-write.ts";
import { temporaryFolder } from "./editor.ts";

const root = process.getuid?.() === 0;
const self = process.geteuid?.() ?? 0;
const top = temporaryFolder();
const HUE = 64_999;
const OTHER = 64_998;

function stat(uid: number, more: Partial<FileStat> = {}): FileStat {
  return {
    kind: "file",
    mode: 0o640,
    uid,
    gid: uid,
    size: 1,
    nlink: 1,
    identity: "1:1",
    ctimeNs: 1n,
    ...more,
  };
}

describe("links are judged by who made them, who may replace them and what they lead to", () => {
  test.each([
    ["root's link in root's folder to anything", 0, 0, OTHER, true],
    ["the runner's own link to anything", self, 0, OTHER, true],
    ["Hue's link in Hue's folder to Hue's file", HUE, HUE, HUE, true],
    ["root's link in Hue's folder to Hue's file", 0, HUE, HUE, true],
    ["Hue's link in Hue's folder to root's file", HUE, HUE, 0, false],
    ["root's link in Hue's folder to root's file: Hue can replace it", 0, HUE, 0, false],
    ["Hue's link in root's folder (/tmp) to root's file", HUE, 0, 0, false],
    ["Hue's link to another user's file", HUE, 0, OTHER, false],
  ])("%s", (_what, uid, folderUid, target, followed) => {
    const judge = (): void =>
      judgeLinks("/etc/hue.ini", [{ path: "/etc/link", uid, folderUid }], stat(target));
    if (followed) expect(judge).not.toThrow();
    else expect(judge).toThrow(expect.objectContaining({ kind: "auth", code: "untrusted-link" }));
  });

  test.each([
    ["one name", stat(0), HUE, true],
    ["several names of Hue's own file", stat(HUE, { nlink: 2 }), HUE, true],
    ["several names in root's folder", stat(HUE, { nlink: 2 }), 0, true],
    ["several names of root's file in Hue's folder", stat(0, { nlink: 2 }), HUE, false],
  ])("%s", (_what, file, folderUid, accepted) => {
    const judge = (): void => judgeNames("/etc/hue/hue.ini", file, stat(folderUid, { kind: "folder" }));
    if (accepted) expect(judge).not.toThrow();
    else expect(judge).toThrow(expect.objectContaining({ kind: "auth", code: "untrusted-link" }));
  });
});

describe.skipIf(!root)("on the disk [needs root, to act for several users]", () => {
  test("a folder's link of Hue's to a folder of Hue's leads to a file of Hue's only", async () => {
    const hues = join(top, "hues");
    for (const name of ["", "conf.real"]) {
      mkdirSync(join(hues, name));
      chownSync(join(hues, name), HUE, HUE);
    }
    symlinkSync("conf.real", join(hues, "conf"));
    lchownSync(join(hues, "conf"), HUE, HUE);
    const path = join(hues, "conf/hue.ini");
    writeFileSync(path, "[impala]\n");
    // Root's file behind a link that Hue's user can point elsewhere.
    await expect(readWhole(path, { spareRoot: top })).rejects.toMatchObject({ code: "untrusted-link" });
    chownSync(path, HUE, HUE);
    expect((await readWhole(path, { spareRoot: top })).bytes).toEqual(Buffer.from("[impala]\n"));
  });

  test("a new file may be made behind a link if the folder belongs to whoever made the link", async () => {
    const own = join(top, "own");
    mkdirSync(own);
    chownSync(own, HUE, HUE);
    symlinkSync(own, join(top, "to-own"));
    lchownSync(join(top, "to-own"), HUE, HUE);
    symlinkSync(top, join(own, "to-roots"));
    lchownSync(join(own, "to-roots"), HUE, HUE);
    const options = { expected: null, spareRoot: join(top, "state") };
    await safeWrite(join(top, "to-own/new.json"), Buffer.from("{}"), options);
    expect(readFileSync(join(own, "new.json"), "utf8")).toBe("{}");
    const refused = safeWrite(join(own, "to-roots/new.json"), Buffer.from("{}"), options);
    await expect(refused).rejects.toMatchObject({ code: "untrusted-link" });
  });

  test("root's file with a second name in Hue's folder is not touched", async () => {
    const folder = join(top, "linked");
    mkdirSync(folder);
    writeFileSync(join(top, "roots.ini"), "[impala]\n");
    linkSync(join(top, "roots.ini"), join(folder, "hue.ini"));
    chownSync(folder, HUE, HUE);
    const options = { expected: sha256("[impala]\n"), spareRoot: join(top, "state") };
    const writing = safeWrite(join(folder, "hue.ini"), Buffer.from("[x]\n"), options);
    await expect(writing).rejects.toMatchObject({
      code: "untrusted-link",
      message: expect.stringContaining("has several names and belongs to user 0"),
    });
    expect(readFileSync(join(top, "roots.ini"), "utf8")).toBe("[impala]\n");
  });
});

describe.each([
  ["held by descriptor (Linux)", descriptorFs],
  ["known by path (where there is no /proc)", pathFs],
])("folders %s", (how, fs) => {
  test.skipIf(how.includes("Linux") && process.platform !== "linux")(
    "an edit, a new file in new folders, and links go as everywhere [needs Linux for descriptors]",
    async () => {
      const base = join(top, how.slice(0, 5));
      mkdirSync(join(base, "real"), { recursive: true });
      symlinkSync("real", join(base, "conf"));
      const path = join(base, "conf/hue.ini");
      writeFileSync(path, "old");
      chmodSync(path, 0o640);
      const options = { fs, spareRoot: join(base, "state") };
      const { bytes, origin } = await readWhole(path, options);
      const written = await safeWrite(path, Buffer.from("new"), {
        ...options,
        expected: sha256(bytes),
        origin,
      });
      expect(written).toMatchObject({ way: "rename", path: join(base, "real/hue.ini") });
      expect(readFileSync(written.backup ?? "", "utf8")).toBe("old");
      const made = await safeWrite(join(base, "conf/a/b.json"), bytes, { ...options, expected: null });
      expect(made.createdFolders).toEqual([join(base, "real/a")]);
      await expect(readWhole(join(base, "conf/none/x"), options)).rejects.toMatchObject({
        code: "ENOENT",
        message: expect.stringContaining(join(base, "conf/none/x")),
      });
    },
  );

  test("a folder that another one has replaced is not mistaken for it", async () => {
    const base = join(top, `swap-${how.slice(0, 5)}`);
    mkdirSync(join(base, "conf"), { recursive: true });
    let folder = await fs.openRoot();
    for (const step of join(base, "conf").split("/").slice(1)) {
      const next = await folder.openFolder(step);
      await folder.close();
      folder = next;
    }
    renameSync(join(base, "conf"), join(base, "moved"));
    mkdirSync(join(base, "conf"));
    const made = folder.mkdir("sub", 0o755);
    // By descriptor the folder itself is meant, wherever it is now; by path the call is refused.
    if (how.includes("Linux")) {
      await made;
      expect(existsSync(join(base, "moved/sub"))).toBe(true);
    } else await expect(made).rejects.toMatchObject({ code: "ESTALE" });
    expect(existsSync(join(base, "conf/sub"))).toBe(false);
    await folder.close();
    await expect(folder.stat()).rejects.toThrow("is closed");
  });
});
