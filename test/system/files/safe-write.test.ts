import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { steppedFs } from "../../../fixtures/crash/stepped-fs.ts";
import { watchedFs } from "../../../fixtures/crash/watched-fs.ts";
import type { FsPort } from "../../../src/system/files/port/fs-port.ts";
import { realFs } from "../../../src/system/files/port/real-fs.ts";
import {
  type SafeWriteOptions,
  safeRemove,
  safeWrite,
  sha256,
} from "../../../src/system/files/safe-write.ts";
import { missing, title } from "../../support/needs.ts";
import { read, temporaryFolder } from "./editor.ts";

const OLD = "[impala]\nserver_host=old\n";
const NEW = "[impala]\nserver_host=new\nserver_port=10001\n";
const root = process.getuid?.() === 0;
const top = temporaryFolder();
let folders = 0;

function folder(): string {
  folders += 1;
  const path = join(top, `${folders}`, "conf");
  mkdirSync(path, { recursive: true });
  return path;
}

/** A hue.ini with the old content. */
function hueIni(mode = 0o640): string {
  const path = join(folder(), "hue.ini");
  writeFileSync(path, OLD);
  chmodSync(path, mode);
  return path;
}

function write(path: string, options: Partial<SafeWriteOptions> = {}) {
  return safeWrite(path, Buffer.from(NEW), {
    expected: sha256(OLD),
    spareRoot: join(top, "spare"),
    ...options,
  });
}

/** Everything beside a file, without backups. */
function beside(path: string): string[] {
  return readdirSync(join(path, "..")).filter((name) => !name.endsWith(".bak"));
}

describe("replacing by rename", () => {
  test("the file is replaced, keeps its mode, and nothing but a backup with its mode lies beside it (R12)", async () => {
    const path = hueIni(0o640);
    const before = statSync(path).ino;
    const result = await write(path);
    expect(result).toEqual({
      way: "rename",
      path,
      backup: expect.stringMatching(/hue\.ini\.\d{8}T\d{9}Z\.bak$/),
    });
    expect(read(path)).toBe(NEW);
    expect(read(result.backup ?? "")).toBe(OLD);
    expect(statSync(path).ino).not.toBe(before);
    for (const file of [path, result.backup ?? ""]) expect(statSync(file).mode & 0o7777).toBe(0o640);
    expect(beside(path)).toEqual(["hue.ini"]);
  });

  test("no name that is ever made beside it is one Hue would load (R10)", async () => {
    const names: string[] = [];
    const watching = watchedFs(realFs, async ({ call, path }) => {
      if (call === "create" || call === "rename") names.push(path);
    });
    const path = hueIni();
    await write(path, { fs: watching });
    expect(names.length).toBe(4);
    // As Hue's conf loader chooses: not hidden, and ending in .ini.
    const loaded = names
      .map((name) => name.slice(name.lastIndexOf("/") + 1))
      .filter((name) => /^[^.].*\.ini$/.test(name));
    expect(loaded).toEqual(["hue.ini"]);
    expect(names.filter((name) => name.endsWith(".ini"))).toEqual([path]);
  });

  test("content and folder are flushed, in the order that a power loss demands (R12)", async () => {
    const calls: string[] = [];
    const fs = steppedFs(realFs, async ({ call, path }) => {
      const name = path.slice(path.lastIndexOf("/") + 1).replace(/-\d+-\d+-[0-9a-f]+$/, "");
      if (/fsync|rename/.test(call)) calls.push(`${call} ${name}`);
    });
    await write(hueIni(), { backup: false, fs });
    expect(calls).toEqual(["fsync .hue.ini.hue-impala-setup", "rename hue.ini", "fsync folder conf"]);
  });

  test("a chain of symbolic links stays, its end is replaced, wherever it is (R11)", async () => {
    const base = folder();
    // As distributions do it: the folder is a link, too, and the links are relative.
    const real = join(base, "etc/alternatives/conf.real");
    mkdirSync(real, { recursive: true });
    mkdirSync(join(base, "etc/alternatives/data"));
    writeFileSync(join(real, "../data/real.ini"), OLD);
    symlinkSync("etc/alternatives/conf.real", join(base, "conf.link"));
    symlinkSync("../data/real.ini", join(real, "second.ini"));
    symlinkSync("second.ini", join(real, "hue.ini"));
    const result = await write(join(base, "conf.link/hue.ini"));
    expect(result.path).toBe(join(base, "etc/alternatives/data/real.ini"));
    expect(read(result.path)).toBe(NEW);
    expect(readlinkSync(join(real, "hue.ini"))).toBe("second.ini");
    expect(readlinkSync(join(real, "second.ini"))).toBe("../data/real.ini");
    expect(readdirSync(real).sort()).toEqual(["hue.ini", "second.ini"]);
    expect(readdirSync(join(real, "../data")).length).toBe(2);
  });

  test("links in a circle are named", async () => {
    const base = folder();
    symlinkSync("b.ini", join(base, "a.ini"));
    symlinkSync("a.ini", join(base, "b.ini"));
    await expect(write(join(base, "a.ini"))).rejects.toMatchObject({ kind: "failed", code: "link-loop" });
  });

  test("the same content is not written again: not even the time of last change moves", async () => {
    const path = hueIni();
    utimesSync(path, 1e9, 1e9);
    const result = await safeWrite(path, Buffer.from(OLD), { expected: sha256(OLD) });
    expect(result).toEqual({ way: "unchanged", path });
    expect(statSync(path).mtimeMs).toBe(1e12);
    expect(readdirSync(join(path, ".."))).toEqual(["hue.ini"]);
  });

  test("only the newest backups are kept, and only files that are backups of this file are removed", async () => {
    const path = hueIni();
    const others = [
      "hue.ini.2014.bak",
      "hue.ini.bak",
      "z-hue.ini.20200101T000000000Z.bak",
      "hue.ini.20200101T000000000Z.bak~",
    ];
    for (const name of others) writeFileSync(join(path, "..", name), "");
    let content = OLD;
    for (let turn = 0; turn < 5; turn += 1) {
      const next = `${turn}`;
      await safeWrite(path, Buffer.from(next), { expected: sha256(content), keepBackups: 2 });
      content = next;
    }
    const names = readdirSync(join(path, "..")).filter((name) => name !== "hue.ini");
    expect(names).toEqual(expect.arrayContaining(others));
    const ours = names.filter((name) => !others.includes(name)).sort();
    expect(ours.map((name) => read(join(path, "..", name)))).toEqual(["2", "3"]);
  });

  describe.skipIf(!root)("as root [needs root]", () => {
    test("a foreign owner and group stay, in the backup too (R12)", async () => {
      const path = hueIni(0o660);
      chownSync(path, 1234, 2345);
      const { way, backup } = await write(path);
      expect(way).toBe("rename");
      for (const file of [path, backup ?? ""]) {
        expect(statSync(file)).toMatchObject({ uid: 1234, gid: 2345 });
        expect(statSync(file).mode & 0o7777).toBe(0o660);
      }
    });
  });

  describe.skipIf(missing("setfacl", "setfattr"))(title("attributes", "setfacl", "setfattr"), () => {
    test("ACL and extended attributes stay, in the backup too (R12)", async () => {
      const path = hueIni();
      expect(spawnSync("setfacl", ["-m", "u:daemon:rw,g:nogroup:r", path]).status).toBe(0);
      expect(spawnSync("setfattr", ["-n", "user.managed-by", "-v", "ops", path]).status).toBe(0);
      const attributes = (file: string): string =>
        spawnSync("getfacl", ["-pcn", file], { encoding: "utf8" }).stdout +
        spawnSync("getfattr", ["--absolute-names", "-d", "-m", "user", file], {
          encoding: "utf8",
        }).stdout.replace(file, "");
      const before = attributes(path);
      expect(before).toMatch(/user:\d+:rw-[\s\S]*user.managed-by="ops"/);
      const { way, backup } = await write(path);
      expect(way).toBe("rename");
      expect(attributes(path)).toBe(before);
      expect(attributes(backup ?? "")).toBe(before);
    });

    test("an ACL given between read and rename is not lost: the write is refused (R13)", async () => {
      const path = hueIni();
      const fs = watchedFs(realFs, async ({ call }) => {
        if (call === "create") spawnSync("setfacl", ["-m", "u:daemon:rw", path]);
      });
      await expect(write(path, { fs })).rejects.toMatchObject({ code: "changed-meanwhile" });
      expect(read(path)).toBe(OLD);
    });
  });
});

describe("a change by someone else between read and write (R13)", () => {
  const THEIRS = "[impala]\nserver_host=theirs\n";

  async function refused(path: string, fs: FsPort = realFs): Promise<void> {
    const { dev, ino, mode, uid, gid } = statSync(path);
    const origin = { identity: `${dev}:${ino}`, mode: mode & 0o7777, uid, gid };
    const failure = await write(path, { fs, origin }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: "failed", code: "changed-meanwhile" });
    const kept = /is in (.*\.new)$/.exec(`${(failure as { hint: string }).hint}`)?.[1] ?? "";
    expect(read(kept)).toBe(NEW);
    expect(statSync(kept).mode & 0o7777).toBe(0o640);
    expect(readdirSync(join(path, "..")).filter((name) => name !== "hue.ini")).toEqual([
      kept.slice(kept.lastIndexOf("/") + 1),
    ]);
  }

  /** Runs `change` when backup and temporary file are flushed and the file is looked at for the last time. */
  function atLastMoment(change: () => void): FsPort {
    let flushed = 0;
    return watchedFs(realFs, async ({ call }) => {
      if (call === "fsync") flushed += 1;
      if (call === "lstat" && flushed === 2) change();
    });
  }

  test("before the write: refused, theirs stays, ours is kept beside it", async () => {
    const path = hueIni();
    writeFileSync(path, THEIRS);
    await refused(path);
    expect(read(path)).toBe(THEIRS);
  });

  test("at the last moment before the rename", async () => {
    const path = hueIni();
    await refused(
      path,
      atLastMoment(() => writeFileSync(path, THEIRS)),
    );
    expect(read(path)).toBe(THEIRS);
  });

  test("at the last moment, by a rename with the same content: it is their file now", async () => {
    const path = hueIni();
    let done = false;
    const change = (): void => {
      if (done) return;
      done = true;
      writeFileSync(join(top, "replacement"), OLD, { mode: 0o640 });
      spawnSync("mv", [join(top, "replacement"), path]);
    };
    await refused(path, atLastMoment(change));
    expect(read(path)).toBe(OLD);
  });

  test("removed: not created again", async () => {
    const path = hueIni();
    const failure = await write(`${path}.gone`).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "changed-meanwhile" });
    expect(existsSync(`${path}.gone`)).toBe(false);
  });
});

describe("creating", () => {
  const create = (path: string, options: Partial<SafeWriteOptions> = {}) =>
    write(path, { expected: null, ...options });

  test("a new file gets the mode it is to have, whatever the umask, and missing folders are made and named", async () => {
    const base = folder();
    const path = join(base, "a/b/spec.json");
    const umask = process.umask(0o077);
    try {
      const result = await create(path, { mode: 0o644 });
      expect(result).toEqual({ way: "created", path, createdFolders: [join(base, "a"), join(base, "a/b")] });
    } finally {
      process.umask(umask);
    }
    expect(read(path)).toBe(NEW);
    expect(statSync(path).mode & 0o7777).toBe(0o644);
    expect(statSync(path).nlink).toBe(1);
    expect(readdirSync(join(base, "a/b"))).toEqual(["spec.json"]);
  });

  test("a dangling link is followed: its target is created", async () => {
    const base = folder();
    symlinkSync("later/spec.json", join(base, "spec.json"));
    expect((await create(join(base, "spec.json"))).path).toBe(join(base, "later/spec.json"));
    expect(lstatSync(join(base, "spec.json")).isSymbolicLink()).toBe(true);
    expect(read(join(base, "spec.json"))).toBe(NEW);
  });

  test("what exists is never replaced, even if it appears at the last moment", async () => {
    const path = hueIni();
    await expect(create(path)).rejects.toMatchObject({ code: "changed-meanwhile" });
    const late = join(folder(), "late.json");
    const fs = watchedFs(realFs, async ({ call }) => {
      if (call === "link") writeFileSync(late, OLD);
    });
    await expect(create(late, { fs })).rejects.toMatchObject({ code: "changed-meanwhile" });
    expect(read(late)).toBe(OLD);
    expect(beside(late)).toEqual(["late.json"]);
  });

  test("on a file system without links, too", async () => {
    const linkless = (before: () => void = () => undefined): FsPort =>
      watchedFs(realFs, async ({ call }) => {
        if (call !== "link") return;
        before();
        throw Object.assign(new Error("no links"), { code: "ENOTSUP" });
      });
    const path = join(folder(), "spec.json");
    expect(await create(path, { fs: linkless() })).toMatchObject({ way: "created" });
    expect(read(path)).toBe(NEW);
    const late = join(folder(), "late.json");
    const appearing = linkless(() => writeFileSync(late, OLD));
    await expect(create(late, { fs: appearing })).rejects.toMatchObject({ code: "changed-meanwhile" });
    expect(read(late)).toBe(OLD);
    expect(beside(late)).toEqual(["late.json"]);
  });

  test("a disk that fills up meanwhile: neither file nor folders are left", async () => {
    const base = folder();
    const fs = steppedFs(realFs, async ({ call }) => {
      if (call === "write") throw Object.assign(new Error("full"), { code: "ENOSPC" });
    });
    await expect(create(join(base, "a/b/spec.json"), { fs })).rejects.toMatchObject({ code: "disk-full" });
    expect(readdirSync(base)).toEqual([]);
  });

  test("a folder in the place of the file is named", async () => {
    const path = folder();
    await expect(write(path)).rejects.toMatchObject({ code: "not-a-file" });
  });
});

describe("removing", () => {
  test("what is as expected goes, with a backup", async () => {
    const path = hueIni();
    const { backup } = await safeRemove(path, { expected: sha256(OLD) });
    expect(readdirSync(join(path, ".."))).toEqual([backup?.slice(backup.lastIndexOf("/") + 1)]);
    expect(read(backup ?? "")).toBe(OLD);
  });

  test("what has been changed stays, and no backup lies about", async () => {
    const path = hueIni();
    const removal = safeRemove(path, { expected: sha256(NEW) });
    await expect(removal).rejects.toMatchObject({ code: "changed-meanwhile" });
    expect(readdirSync(join(path, ".."))).toEqual(["hue.ini"]);
  });
});
