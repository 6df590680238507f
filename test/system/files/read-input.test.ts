import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readInput, readInputText } from "../../../src/system/files/read-input.ts";
import { temporaryFolder } from "./editor.ts";

const top = temporaryFolder();
const what = { en: "the password", ja: "パスワード" };

describe("reading what somebody named", () => {
  test("a regular file, and one that a link leads to, with the owner and the mode of what was read", async () => {
    const path = join(top, "password");
    writeFileSync(path, "s3cret\n", { mode: 0o640 });
    symlinkSync("password", join(top, "link"));
    const { uid, gid } = statSync(path);
    for (const one of [path, join(top, "link")]) {
      expect(await readInput(one, { what })).toEqual({
        bytes: Buffer.from("s3cret\n"),
        mode: 0o640,
        uid,
        gid,
      });
    }
    expect(await readInputText(path, { what })).toBe("s3cret\n");
  });

  test("an empty file is empty", async () => {
    writeFileSync(join(top, "empty"), "");
    expect(await readInputText(join(top, "empty"), { what })).toBe("");
  });

  test("as many bytes as are allowed, and not one more", async () => {
    const path = join(top, "long");
    writeFileSync(path, Buffer.alloc(1000, "x"));
    expect((await readInput(path, { what, most: 1000 })).bytes.length).toBe(1000);
    appendFileSync(path, "y");
    await expect(readInput(path, { what, most: 1000 })).rejects.toMatchObject({
      kind: "settings",
      code: "too-large",
      message: `the password: ${path} has 1001 bytes; at most 1000 bytes are read`,
    });
  });

  test("200 MB are refused by their size, without being read", async () => {
    const path = join(top, "huge");
    writeFileSync(path, "");
    truncateSync(path, 200 * 1024 * 1024);
    const before = process.memoryUsage().rss;
    await expect(readInput(path, { what, most: 16 * 1024 * 1024 })).rejects.toMatchObject({
      code: "too-large",
      message: `the password: ${path} has 200 MiB; at most 16 MiB are read`,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(16 * 1024 * 1024);
  });

  test("what is missing or closed is the system's error, for the caller to word", async () => {
    await expect(readInput(join(top, "nothing"), { what })).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("an ended run reads nothing", async () => {
    const ended = AbortSignal.abort();
    await expect(readInput(join(top, "password"), { what, signal: ended })).rejects.toMatchObject({
      kind: "interrupted",
    });
  });
});

describe("anything but a regular file is refused at once", () => {
  const refused = (path: string, kind: string): Promise<void> =>
    expect(readInput(path, { what })).rejects.toMatchObject({
      kind: "settings",
      code: "not-regular",
      message: `the password: ${path} is not a regular file but ${kind}`,
    });

  test("a named pipe without a writer", async () => {
    const path = join(top, "pipe");
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    await refused(path, "a named pipe (FIFO)");
  });

  test("devices, one that never ends and one that is always at its end", async () => {
    await refused("/dev/zero", "a device");
    await refused("/dev/null", "a device");
  });

  test("a socket", async () => {
    const path = join(top, "socket");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      await refused(path, "a socket");
    } finally {
      server.close();
    }
  });

  test("a folder, by the code that a folder in hue.ini's place has", async () => {
    mkdirSync(join(top, "folder"));
    await expect(readInput(join(top, "folder"), { what })).rejects.toMatchObject({ code: "is-folder" });
  });

  test.skipIf(process.platform !== "linux")("a file that the kernel makes up [needs Linux]", async () => {
    await refused("/proc/self/status", "made by the kernel while it is read (/proc, /sys)");
  });
});
