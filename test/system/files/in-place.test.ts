import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Job } from "../../../fixtures/crash/edit.main.ts";
import { contentOf, generationOf } from "../../../fixtures/crash/generations.ts";
import { type Step, steppedFs } from "../../../fixtures/crash/stepped-fs.ts";
import { realFs } from "../../../src/system/files/port/real-fs.ts";
import { judgeRewrite } from "../../../src/system/files/recovery/record.ts";
import {
  findLeftovers,
  readWhole,
  removeLeftovers,
  safeWrite,
  sha256,
} from "../../../src/system/files/safe-write.ts";
import { missing, title } from "../../support/needs.ts";
import { editor, ended, read, temporaryFolder } from "./editor.ts";

const NOBODY = 65534;
const root = process.getuid?.() === 0;
const { program, start } = editor();
const top = temporaryFolder();
let folders = 0;

function hueIni(generation = 1): Job {
  folders += 1;
  const folder = join(top, `${folders}`, "conf");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "hue.ini");
  writeFileSync(path, contentOf(generation), { mode: 0o640 });
  return { path, action: "next", spareRoot: join(top, `${folders}`, "state") };
}

function generation(path: string): number | undefined {
  return generationOf(Buffer.from(read(path)));
}

describe("rewriting in place (R14)", () => {
  test("hard links stay one file, with a backup, and the note says why", async () => {
    const { path, spareRoot } = hueIni();
    linkSync(path, `${path}.link`);
    const inode = statSync(path).ino;
    const result = await safeWrite(path, contentOf(2), { expected: sha256(contentOf(1)), spareRoot });
    expect(result).toMatchObject({
      way: "in-place",
      note: { en: expect.stringContaining("2 names (hard links)") },
    });
    expect([statSync(path).ino, statSync(`${path}.link`).ino]).toEqual([inode, inode]);
    expect(generation(`${path}.link`)).toBe(2);
    expect(generation(result.backup ?? "")).toBe(1);
    expect(readdirSync(join(path, "..")).length).toBe(3);
  });

  test("a change by someone else just before it is refused", async () => {
    const { path, spareRoot } = hueIni();
    linkSync(path, `${path}.link`);
    const fs = steppedFs(realFs, async ({ call }) => {
      if (call === "open") writeFileSync(path, contentOf(7));
    });
    const writing = safeWrite(path, contentOf(2), { expected: sha256(contentOf(1)), spareRoot, fs });
    await expect(writing).rejects.toMatchObject({
      code: "changed-meanwhile",
      hint: expect.stringMatching(/\.new$/),
    });
    expect(generation(path)).toBe(7);
  });

  test("their file, renamed over it during the rewrite, stays", async () => {
    const { path, spareRoot } = hueIni();
    linkSync(path, `${path}.link`);
    const fs = steppedFs(realFs, async ({ call }) => {
      if (call !== "truncate") return;
      writeFileSync(`${path}.theirs`, contentOf(7));
      renameSync(`${path}.theirs`, path);
    });
    const writing = safeWrite(path, contentOf(2), { expected: sha256(contentOf(1)), spareRoot, fs });
    await expect(writing).rejects.toMatchObject({ code: "changed-meanwhile" });
    expect(generation(path)).toBe(7);
  });

  test("the record is flushed before the first byte changes, the longer part before any old byte, all before it goes", async () => {
    const { path, spareRoot } = hueIni(1);
    linkSync(path, `${path}.link`);
    const calls: string[] = [];
    const fs = steppedFs(
      realFs,
      async ({ call, path: where }) => {
        calls.push(`${call} ${where === path ? "file" : where.endsWith("-recovery") ? "record" : ""}`.trim());
      },
      1 << 20,
    );
    await safeWrite(path, contentOf(2), { expected: sha256(contentOf(1)), spareRoot, fs, backup: false });
    expect(calls).toEqual([
      ...[
        "open file",
        "mkdir",
        "mkdir",
        "create",
        "chmod",
        "write",
        "fsync",
        "rename record",
        "fsync folder",
      ],
      ...["write file", "fsync file", "write file", "truncate file", "fsync file"],
      ...["unlink record", "fsync folder"],
    ]);
  });

  describe.skipIf(!root)("as another user [needs root, to become one]", () => {
    test("a folder that cannot be written to: in place, the backup in the user's state folder, for that user alone", async () => {
      const job = hueIni();
      chmodSync(job.path, 0o666);
      mkdirSync(job.spareRoot);
      chownSync(job.spareRoot, NOBODY, NOBODY);
      const { lines } = await ended(start(job, NOBODY));
      const [line] = lines;
      expect(line).toMatchObject({
        way: "in-place",
        note: { en: expect.stringContaining("its folder cannot be written to") },
      });
      expect(generation(job.path)).toBe(2);
      expect(line?.backup?.startsWith(job.spareRoot)).toBe(true);
      expect(generation(line?.backup ?? "")).toBe(1);
      // Readable by all before, but who may read the copy of a file with passwords is not for this user to say.
      expect(statSync(line?.backup ?? "")).toMatchObject({ uid: NOBODY });
      expect(statSync(line?.backup ?? "").mode & 0o7777).toBe(0o600);
      expect(readdirSync(join(job.path, ".."))).toEqual(["hue.ini"]);
    });

    test("an owner that cannot be given to a new file: in place, owner and mode stay", async () => {
      const job = hueIni();
      chmodSync(job.path, 0o666);
      chmodSync(join(job.path, ".."), 0o777);
      mkdirSync(job.spareRoot);
      chownSync(job.spareRoot, NOBODY, NOBODY);
      const { lines } = await ended(start(job, NOBODY));
      expect(lines[0]).toMatchObject({
        way: "in-place",
        note: { en: expect.stringContaining(`would belong to ${NOBODY}:${NOBODY} instead of 0:0`) },
      });
      expect(generation(job.path)).toBe(2);
      expect(statSync(job.path)).toMatchObject({ uid: 0, gid: 0 });
      expect(statSync(job.path).mode & 0o7777).toBe(0o666);
    });

    test.skipIf(missing("setfattr"))(
      title("an attribute that only root may give: in place, it stays", "setfattr"),
      async () => {
        const job = hueIni();
        spawnSync("chown", ["-R", `${NOBODY}:${NOBODY}`, join(job.path, "../..")]);
        expect(spawnSync("setfattr", ["-n", "security.label", "-v", "hue", job.path]).status).toBe(0);
        const { lines } = await ended(start(job, NOBODY));
        expect(lines[0]).toMatchObject({
          way: "in-place",
          note: { en: expect.stringContaining("security.label") },
        });
        const kept = spawnSync("getfattr", ["--only-values", "-n", "security.label", job.path], {
          encoding: "utf8",
        });
        expect(kept.stdout).toBe("hue");
        expect(generation(job.path)).toBe(2);
      },
    );

    test("a file that may be read but not written: permission denied, nothing left (R15)", async () => {
      const job = hueIni();
      chmodSync(job.path, 0o644);
      const { lines } = await ended(start(job, NOBODY));
      expect(lines[0]?.failure).toMatchObject({ kind: "auth", code: "denied" });
      expect(lines[0]?.failure?.message).toContain(`cannot write ${job.path}`);
      expect(generation(job.path)).toBe(1);
      expect(readdirSync(join(job.path, ".."))).toEqual(["hue.ini"]);
    });
  });
});

/** Mount namespaces of their own, so that a killed test leaves no mount. */
const mounts = root && spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;

describe.skipIf(!mounts)("mounts [needs root and mount namespaces]", () => {
  /** Runs shell commands, then the editor on $FILE, in a mount namespace of its own; then `look`. */
  function mounted(
    job: Job,
    prepare: string,
    look = "true",
  ): { lines: Record<string, unknown>[]; looked: string } {
    const edit = '"$NODE" "$PROGRAM" "$JOB"; echo ----';
    const script = `set -e; ${prepare}; set +e; ${edit}; ${look}`;
    const { stdout, stderr, status } = spawnSync("unshare", ["-m", "sh", "-c", script], {
      encoding: "utf8",
      env: {
        PATH: process.env["PATH"],
        NODE: process.execPath,
        PROGRAM: program,
        JOB: JSON.stringify(job),
        FILE: job.path,
        DIR: join(job.path, ".."),
      },
    });
    expect([stderr, status]).toEqual(["", 0]);
    const [printed = "", looked = ""] = stdout.split("----\n");
    const lines = printed.split("\n").filter((line) => line !== "");
    return { lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>), looked };
  }

  test("a single file mounted over hue.ini (EBUSY) is rewritten in place (R14)", () => {
    const job = hueIni();
    const source = join(job.path, "../../mounted-file");
    writeFileSync(source, contentOf(4));
    const { lines } = mounted(job, `mount --bind '${source}' "$FILE"`);
    expect(lines[0]).toMatchObject({
      way: "in-place",
      note: { en: expect.stringContaining("it is a mount point") },
    });
    expect(generation(source)).toBe(5);
    expect(generation(job.path)).toBe(1);
    expect(readdirSync(join(job.path, "..")).filter((name) => !name.endsWith(".bak"))).toEqual(["hue.ini"]);
  });

  test("a file that is mounted into a container: in place, or the container would keep the old file (R14)", async () => {
    const job = hueIni();
    const inside = join(job.path, "../../in the container.ini");
    writeFileSync(inside, "");
    const script = 'mount --bind "$0" "$1" && echo mounted && exec tail -f /dev/null';
    const container = spawn("unshare", ["-m", "sh", "-c", script, job.path, inside], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise((resolve) => container.stdout.once("data", resolve));
    try {
      const { lines } = await ended(start(job));
      expect(lines[0]).toMatchObject({
        way: "in-place",
        note: { en: expect.stringContaining(`it is mounted at ${inside}`) },
      });
      expect(generationOf(readFileSync(`/proc/${container.pid}/root${inside}`))).toBe(2);
    } finally {
      container.kill("SIGKILL");
    }
    expect((await ended(start(job))).lines[0]).toMatchObject({ way: "rename", generation: 2 });
  });

  test("the same in a read-only folder, as in a container with a read-only root (R14)", () => {
    const job = hueIni();
    const source = join(job.path, "../../mounted-file");
    writeFileSync(source, contentOf(4));
    const readOnly = 'mount --bind "$DIR" "$DIR"; mount -o remount,ro,bind "$DIR"';
    const { lines } = mounted(job, `${readOnly}; mount --bind '${source}' "$FILE"`);
    expect(lines[0]).toMatchObject({
      way: "in-place",
      note: { en: expect.stringContaining("its folder is read-only") },
    });
    expect(`${lines[0]?.["backup"]}`.startsWith(job.spareRoot)).toBe(true);
    expect(generation(source)).toBe(5);
    expect(generation(`${lines[0]?.["backup"]}`)).toBe(4);
  });

  test("a read-only file system is named, and nothing is left (R14)", () => {
    const job = hueIni();
    const { lines } = mounted(job, 'mount --bind "$DIR" "$DIR"; mount -o remount,ro,bind "$DIR"');
    expect(lines[0]?.["failure"]).toMatchObject({
      kind: "failed",
      code: "read-only",
      message: `cannot write ${job.path}: the file system is read-only`,
    });
    expect(generation(job.path)).toBe(1);
    expect(readdirSync(join(job.path, ".."))).toEqual(["hue.ini"]);
  });

  const digest = 'sha256sum <"$FILE" | cut -c1-64; ls -A "$DIR"';

  test.each([
    ["no room for the backup", "16k", "", true],
    ["room for the backup only", "28k", "", true],
    ["no room for the record of a rewrite in place", "44k", 'ln "$FILE" "$DIR/second"', true],
    ["no room for the record, without backup", "28k", 'ln "$FILE" "$DIR/second"', false],
  ])("a full disk (%s): the file is as before, nothing is left (R15)", (_what, size, link, backup) => {
    const job = { ...hueIni(), backup };
    const disk = `cp "$FILE" "$DIR/../copy"; mount -t tmpfs -o size=${size} none "$DIR"; cp "$DIR/../copy" "$FILE"`;
    // The record stands in the state folder.
    const stateDisk = `mkdir "${job.spareRoot}"; mount -t tmpfs -o size=16k none "${job.spareRoot}"`;
    const look = link === "" ? digest : `${digest}; find "${job.spareRoot}" -type f`;
    const { lines, looked } = mounted(
      job,
      `${disk}; ${link === "" ? "true" : `${link}; ${stateDisk}`}`,
      look,
    );
    expect(lines[0]?.["failure"]).toMatchObject({ kind: "failed", code: "disk-full" });
    const names = link === "" ? "hue.ini\n" : "hue.ini\nsecond\n";
    expect(looked).toBe(`${sha256(contentOf(1))}\n${names}`);
  });

  test("enough room: the same disk, a little larger", () => {
    const job = hueIni();
    const disk =
      'cp "$FILE" "$DIR/../copy"; mount -t tmpfs -o size=64k none "$DIR"; cp "$DIR/../copy" "$FILE"';
    const { lines, looked } = mounted(job, disk, digest);
    expect(lines[0]).toMatchObject({ way: "rename" });
    expect(looked).toContain(sha256(contentOf(2)));
  });
});

/** Whether this file system knows the immutable attribute and lets this user set it. */
function canBeImmutable(): boolean {
  const path = join(top, "immutable-probe");
  writeFileSync(path, "");
  const can = spawnSync("chattr", ["+i", path]).status === 0;
  spawnSync("chattr", ["-i", path]);
  return can;
}

describe.skipIf(!canBeImmutable())("immutable [needs root and a file system with chattr +i]", () => {
  test.each(["+i", "+a"])(
    "a file with chattr %s: named with its remedy, as before, nothing left (R14)",
    async (flag) => {
      const { path, spareRoot } = hueIni();
      spawnSync("chattr", [flag, path]);
      try {
        const writing = safeWrite(path, contentOf(2), { expected: sha256(contentOf(1)), spareRoot });
        await expect(writing).rejects.toMatchObject({
          code: "not-permitted",
          hint: expect.stringContaining("lsattr"),
        });
      } finally {
        spawnSync("chattr", [flag.replace("+", "-"), path]);
      }
      expect(generation(path)).toBe(1);
      expect(readdirSync(join(path, ".."))).toEqual(["hue.ini"]);
    },
  );

  test("an immutable folder: the file is rewritten in place (R14)", async () => {
    const { path, spareRoot } = hueIni();
    const folder = join(path, "..");
    spawnSync("chattr", ["+i", folder]);
    try {
      const result = await safeWrite(path, contentOf(2), { expected: sha256(contentOf(1)), spareRoot });
      expect(result).toMatchObject({
        way: "in-place",
        note: { en: expect.stringContaining("does not permit new files") },
      });
      expect(result.backup?.startsWith(spareRoot)).toBe(true);
    } finally {
      spawnSync("chattr", ["-i", folder]);
    }
    expect(generation(path)).toBe(2);
  });
});

describe("an error at every call that changes the disk", () => {
  const errors = ["ENOSPC", "EIO", "EACCES", "EBUSY"];

  test.each([
    ["rename", false],
    ["in place", true],
  ])(
    "%s: the old or the new content, whole; nothing left but after a failure of the clean-up itself (R15)",
    async (_way, linked) => {
      for (const code of errors) {
        for (let at = 1, reached = true; reached; at += 1) {
          const { path, spareRoot } = hueIni(at % 2 === 0 ? 1 : 2);
          const from = generation(path) ?? 0;
          if (linked) linkSync(path, join(path, "../../second"));
          reached = false;
          let failedCall = "";
          const fs = steppedFs(realFs, async (step: Step) => {
            if (step.number !== at) return;
            reached = true;
            failedCall = step.call;
            await step.half?.();
            throw Object.assign(new Error(code), { code });
          });
          const where = `${code} at step ${at} (${failedCall})`;
          const writing = safeWrite(path, contentOf(from + 1), {
            expected: sha256(contentOf(from)),
            spareRoot,
            fs,
          });
          const failure = await writing.then(
            () => undefined,
            (error: unknown) => error,
          );
          expect(generation(path), where).toBe(failure === undefined ? from + 1 : from);
          if (failure !== undefined)
            expect(failure, where).toMatchObject({
              name: "Failure",
              kind: expect.stringMatching(/failed|auth/),
            });
          const names = readdirSync(join(path, "..")).filter(
            (name) => !name.endsWith(".bak") && name !== "hue.ini",
          );
          if (failedCall !== "unlink") expect(names, where).toEqual([]);
        }
      }
    },
  );

  test("when even the old content cannot be put back: partial, and the next run puts it back", async () => {
    const { path, spareRoot } = hueIni(2);
    linkSync(path, join(path, "../../second"));
    let broken = false;
    const fs = steppedFs(realFs, async ({ call, path: where, half }) => {
      if (where !== path || call !== "write") return;
      broken = true;
      await half?.();
      throw Object.assign(new Error("EIO"), { code: "EIO" });
    });
    const writing = safeWrite(path, contentOf(3), { expected: sha256(contentOf(2)), spareRoot, fs });
    const failure = await writing.catch((error: unknown) => error);
    expect(broken).toBe(true);
    expect(failure).toMatchObject({
      kind: "partial",
      code: "half-written",
      hint: expect.stringContaining("-recovery"),
    });
    expect(generation(path)).toBeUndefined();
    const { rewrites } = await findLeftovers(path, { spareRoot });
    expect(rewrites).toMatchObject([{ state: "torn", record: { path } }]);
    expect(await removeLeftovers(path, { spareRoot })).toMatchObject({ restored: true });
    expect(generation(path)).toBe(2);
  });
});

describe("what a rewrite that ended at any instant has left", () => {
  const bytes = fc.uint8Array({ maxLength: 60 });

  test("every mixture in block order is known as old, new or half-done", () => {
    fc.assert(
      fc.property(bytes, bytes, fc.nat(60), fc.nat(60), (old, next, extended, written) => {
        // As in-place.ts does it: first the part beyond the old end, then from the start, then the cut.
        const longest = next.length > old.length ? Math.min(next.length, old.length + extended) : old.length;
        const current = new Uint8Array(longest);
        current.set(old);
        if (longest > old.length) current.set(next.subarray(old.length, longest), old.length);
        current.set(next.subarray(0, Math.min(written, old.length)));
        expect(judgeRewrite(current, old, next)).not.toBe("foreign");
      }),
    );
  });

  test("what holds a byte of neither is someone else's", () => {
    fc.assert(
      fc.property(bytes, bytes, fc.nat(), (old, next, at) => {
        const current = Uint8Array.from(old);
        fc.pre(old.length > 0);
        const place = at % old.length;
        const foreign = [1, 2, 3].find((byte) => byte !== old[place] && byte !== next[place]) ?? 0;
        current[place] = foreign;
        expect(judgeRewrite(current, old, next)).toBe("foreign");
      }),
    );
  });

  test("a half-written file is read as it was before, and an edit of that puts it back first", async () => {
    const job = hueIni(2);
    linkSync(job.path, join(job.path, "../../second"));
    await ended(start({ ...job, killAt: "truncate" }));
    expect(generation(job.path)).toBeUndefined();
    const { bytes } = await readWhole(job.path, job);
    expect(generationOf(bytes)).toBe(2);
    expect(generation(job.path)).toBeUndefined();
    const result = await safeWrite(job.path, contentOf(3), {
      expected: sha256(bytes),
      spareRoot: job.spareRoot,
    });
    expect(result.way).toBe("in-place");
    expect(generation(result.backup ?? "")).toBe(2);
    expect(generationOf((await readWhole(job.path, job)).bytes)).toBe(3);
    await expect(readWhole(`${job.path}.none`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("a file that was changed after the kill is left alone, and the record goes", async () => {
    const job = hueIni(2);
    linkSync(job.path, join(job.path, "../../second"));
    await ended(start({ ...job, killAt: "truncate" }));
    expect((await findLeftovers(job.path, job)).rewrites).toMatchObject([{ state: "torn" }]);
    writeFileSync(job.path, "[impala]\nserver_host=repaired-by-hand\n");
    expect(await removeLeftovers(job.path, job)).toMatchObject({
      restored: false,
      removed: [expect.any(String)],
    });
    expect(read(job.path)).toBe("[impala]\nserver_host=repaired-by-hand\n");
  });

  test.skipIf(!root)(
    "a record that someone else has put there is not believed [needs root, to change owners]",
    async () => {
      const job = hueIni(2);
      linkSync(job.path, join(job.path, "../../second"));
      await ended(start({ ...job, killAt: "truncate" }));
      const record = (await findLeftovers(job.path, job)).rewrites[0]?.file ?? "";
      chownSync(record, NOBODY, NOBODY);
      expect(await removeLeftovers(job.path, job)).toEqual({ removed: [], restored: false });
      chownSync(record, 0, 0);
      expect(await removeLeftovers(job.path, job)).toMatchObject({ restored: true });
    },
  );

  test("shorter than both contents, or longer: someone else's", () => {
    const [old, next] = [Buffer.from("abcd"), Buffer.from("abcdef")];
    for (const text of ["abc", "abcdef\0", ""])
      expect(judgeRewrite(Buffer.from(text), old, next)).toBe("foreign");
    for (const text of ["abcde", "abcd\0f"]) expect(judgeRewrite(Buffer.from(text), old, next)).toBe("torn");
  });

  test("the temporary file of a process that still runs is left to it", async () => {
    const job = hueIni();
    const child = start({ ...job, stopAt: "fsync" });
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    expect(await removeLeftovers(job.path, job)).toEqual({ removed: [], restored: false });
    expect(readdirSync(join(job.path, "..")).length).toBe(2);
    child.kill("SIGKILL");
    await ended(child);
    expect((await removeLeftovers(job.path, job)).removed.length).toBe(1);
    expect(readdirSync(join(job.path, ".."))).toEqual(["hue.ini"]);
  });

  test("a rewrite by a process that still runs is left to it", async () => {
    const job = hueIni(2);
    linkSync(job.path, join(job.path, "../../second"));
    const child = start({ ...job, stopAt: "truncate" });
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    try {
      const writing = safeWrite(job.path, contentOf(9), {
        expected: sha256(read(job.path)),
        spareRoot: job.spareRoot,
      });
      const message = `process ${child.pid} is writing ${job.path}`;
      await expect(writing).rejects.toMatchObject({ kind: "locked", code: "being-written", message });
      await expect(readWhole(job.path, job)).rejects.toMatchObject({ kind: "locked", code: "being-written" });
    } finally {
      child.kill("SIGKILL");
      await ended(child);
    }
    expect(await removeLeftovers(job.path, job)).toMatchObject({ restored: true });
    expect(generation(job.path)).toBe(2);
  });

  test("files of others with similar names are left alone", async () => {
    const { path, spareRoot } = hueIni();
    const names = [
      ".hue.ini.swp",
      ".hue.ini.AbC123",
      ".hue.ini.hue-impala-setup-x",
      `.hue.ini.hue-impala-setup-recovery`,
    ];
    for (const name of names) writeFileSync(join(path, "..", name), "theirs");
    const strange = join(path, "..", ".hue.ini.hue-impala-setup-recovery");
    expect(await removeLeftovers(path, { spareRoot })).toEqual({ removed: [], restored: false, strange });
    expect(readdirSync(join(path, "..")).sort()).toEqual([...names, "hue.ini"].sort());
  });
});
