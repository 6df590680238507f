import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findHueInis } from "../../../src/hue/folder/find-hue-inis.ts";
import { cmManagedSigns } from "../../../src/hue/folder/managed.ts";
import { oldHueWarnings } from "../../../src/hue/folder/old-hue.ts";
import { readConfFolder } from "../../../src/hue/folder/read-conf-folder.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "hue-folder-"));
});
afterEach(() => rm(root, { recursive: true }));

async function put(path: string, text: string): Promise<string> {
  const whole = join(root, path);
  await mkdir(dirname(whole), { recursive: true });
  await writeFile(whole, text);
  return whole;
}

describe("readConfFolder", () => {
  test("names by code point, .ini only, no dot files", async () => {
    const names = [
      "hue.ini",
      "Zhue.ini",
      "hue-2024.ini",
      "hue_2024.ini",
      "hue_safety_valve.ini",
      "hue_safety_valve_server.ini",
    ];
    const others = [".hue.ini", "hue.ini.bak", "hue.ini~", "hue.INI", "ini", "log.conf"];
    for (const name of [...names, ...others, "\u{1f600}.ini", "\uffee.ini", ".ini"])
      await put(name, `[${name}]`);
    const files = await readConfFolder(root);
    expect(files.map(({ path }) => path)).toEqual(
      [
        "Zhue.ini",
        "hue-2024.ini",
        "hue.ini",
        "hue_2024.ini",
        "hue_safety_valve.ini",
        "hue_safety_valve_server.ini",
        "\uffee.ini",
        "\u{1f600}.ini",
      ].map((name) => join(root, name)),
    );
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe("[Zhue.ini]");
  });

  test("a folder, a dangling link and a link in a circle count as empty files, as in Hue; a link to a file is read", async () => {
    await mkdir(join(root, "a.ini"));
    await symlink("nowhere", join(root, "b.ini"));
    await symlink("c.ini", join(root, "c.ini"));
    await put("real", "[x]");
    await symlink("real", join(root, "d.ini"));
    const files = await readConfFolder(`${root}/`);
    expect(files.map(({ bytes }) => bytes.length)).toEqual([0, 0, 0, 3]);
  });

  test("a name that is no UTF-8 is read", async () => {
    await writeFile(
      Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9]), Buffer.from(".ini")]),
      "[x]",
    );
    const [file] = await readConfFolder(root);
    expect(file?.bytes.length).toBe(3);
  });

  test("no such folder", async () => {
    const refusal = { kind: "settings", code: "no-conf-folder" };
    await expect(readConfFolder(join(root, "none"))).rejects.toMatchObject(refusal);
    await expect(readConfFolder(await put("file", ""))).rejects.toMatchObject(refusal);
  });

  test("a folder or file that cannot be read", async () => {
    const refusal = { kind: "auth", code: "unreadable-conf" };
    const tooLong = "x".repeat(300);
    await expect(readConfFolder(join(root, tooLong))).rejects.toMatchObject(refusal);
    await symlink(tooLong, join(root, "hue.ini"));
    await expect(readConfFolder(root)).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining(join(root, "hue.ini")),
    });
  });
});

describe("findHueInis", () => {
  const TUTORIAL = "etc/hue/hue.ini";
  const PACKAGES = "etc/hue/conf/hue.ini";

  test("none, one, the other", async () => {
    expect(await findHueInis(root)).toEqual({ paths: [], differ: false });
    const packages = await put(PACKAGES, "");
    expect(await findHueInis(root)).toEqual({ paths: [packages], differ: false });
    await rm(packages);
    const tutorial = await put(TUTORIAL, "");
    expect(await findHueInis(root)).toEqual({ paths: [tutorial], differ: false });
  });

  test("two names of one file are one", async () => {
    await put(PACKAGES, "");
    await symlink("conf/hue.ini", join(root, TUTORIAL));
    expect(await findHueInis(root)).toEqual({ paths: [join(root, TUTORIAL)], differ: false });
  });

  test("two files: the packages' one first, unless Hue's own link says otherwise", async () => {
    const tutorial = await put(TUTORIAL, "a");
    const packages = await put(PACKAGES, "a");
    expect(await findHueInis(root)).toEqual({ paths: [packages, tutorial], differ: false });
    await put(PACKAGES, "b");
    expect(await findHueInis(root)).toEqual({ paths: [packages, tutorial], differ: true });

    await mkdir(join(root, "usr/lib/hue/desktop"), { recursive: true });
    const link = join(root, "usr/lib/hue/desktop/conf");
    await symlink(join(root, "etc/hue"), link);
    const first = await findHueInis(root);
    expect(first).toMatchObject({ paths: [tutorial, packages], differ: true });
    expect(first.evidence?.en).toContain(link);
    await rm(link);
    await symlink(join(root, "etc/hue/conf"), link);
    const second = await findHueInis(root);
    expect(second).toMatchObject({ paths: [packages, tutorial], differ: true });
    expect(second.evidence?.en).toContain("etc/hue/conf");
    await rm(link);
    await symlink(join(root, "etc"), link);
    expect(await findHueInis(root)).toEqual({ paths: [packages, tutorial], differ: true });
  });
});

describe("cmManagedSigns", () => {
  test("none on a host without agent, also for a file that is not there", async () => {
    expect(await cmManagedSigns(await put("etc/hue/hue.ini", ""), root)).toEqual([]);
    expect(await cmManagedSigns(join(root, "none"), root)).toEqual([]);
  });

  test("the agent's configuration", async () => {
    const agent = await put("etc/cloudera-scm-agent/config.ini", "");
    expect(await cmManagedSigns(join(root, "hue.ini"), root)).toEqual([
      { en: `${agent} exists`, ja: `${agent} があります` },
    ]);
  });

  test("a process folder, also behind a link", async () => {
    const generated = await put("run/cloudera-scm-agent/process/7-hue-HUE_SERVER/hue.ini", "");
    const link = join(root, "hue.ini");
    await symlink(generated, link);
    for (const path of [generated, link]) {
      expect(await cmManagedSigns(path, root)).toEqual([
        {
          en: expect.stringContaining(`${generated} is in a folder`),
          ja: expect.stringContaining(`${generated} は`),
        },
      ]);
    }
    await rm(generated);
    expect(await cmManagedSigns(generated, root)).toHaveLength(1);
  });
});

describe("oldHueWarnings", () => {
  test.each<[string, string[]]>([
    ['VERSION="2.5.0"', ["hue-before-3.6"]],
    ['VERSION="3.5.0"', ["hue-before-3.6"]],
    ["VERSION=2.12.0", ["hue-before-3.6"]],
    ['# a comment\n\nVERSION="3.6.0"', []],
    ['VERSION="3.12.0"', []],
    ['VERSION="4.0.1"', []],
    ["VERSION=", []],
    ["# VERSION=2.5.0", []],
  ])("%j", async (text, codes) => {
    const path = await put("opt/hue/VERSION", `${text}\n`);
    const warnings = await oldHueWarnings(root);
    expect(warnings.map(({ code }) => code)).toEqual(codes);
    for (const { message } of warnings) expect(message).toContain(path);
  });

  test("no Hue; the first home that tells counts", async () => {
    expect(await oldHueWarnings(root)).toEqual([]);
    await put("opt/hue/VERSION", "VERSION=2.5.0\n");
    await put("usr/lib/hue/VERSION", "nothing\n");
    expect(await oldHueWarnings(root)).toHaveLength(1);
    await put("usr/lib/hue/VERSION", "VERSION=4.5.0\n");
    expect(await oldHueWarnings(root)).toEqual([]);
  });
});
