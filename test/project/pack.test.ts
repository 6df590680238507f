import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT, textOf } from "./tree.ts";

const manifest = JSON.parse(textOf("package.json")) as { version: string; bin: Record<string, string> };

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

describe("the published package", () => {
  let folder: string;
  let packed: Packed;
  let unpacked: string;

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "pack-")));
    // Without scripts: `npm test` has just built dist/.
    const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
    const npm = spawnSync("npm", args, { cwd: ROOT, encoding: "utf8" });
    expect(npm.status, npm.stderr).toBe(0);
    [packed] = JSON.parse(npm.stdout) as [Packed];
    unpacked = join(folder, "prefix/node_modules/hue-impala-setup");
    mkdirSync(unpacked, { recursive: true });
    const tar = spawnSync("tar", [
      "-xzf",
      join(folder, packed.filename),
      "-C",
      unpacked,
      "--strip-components=1",
    ]);
    expect(tar.status).toBe(0);
    // As npm would install them; fetching them is not this test's matter.
    for (const name of readdirSync(join(ROOT, "node_modules"))) {
      if (name.startsWith(".") || name === "hue-impala-setup") continue;
      symlinkSync(join(ROOT, "node_modules", name), join(folder, "prefix/node_modules", name));
    }
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test("has all that scripts import from it", () => {
    const paths = packed.files.map(({ path }) => path);
    const imported = readdirSync(join(ROOT, "scripts")).flatMap((name) =>
      [...textOf(`scripts/${name}`).matchAll(/\bdist\/[\w/.-]+\.js\b/g)].map(([path]) => path),
    );
    expect(imported).toContain("dist/index.js");
    expect(imported.filter((path) => !paths.includes(path))).toEqual([]);
  });

  test("holds the program, its declarations, documents and lockfile, and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        "bin/hue-impala-setup.js",
        "dist/index.js",
        "dist/index.d.ts",
        "dist/cli/start.js",
        "docs/hue-impala-setup.1",
        "docs/answers.schema.json",
        "docs/completion/hue-impala-setup.bash",
        "npm-shrinkwrap.json",
        "LICENSE",
        "README.md",
        "SECURITY.md",
        "CHANGELOG.md",
      ]),
    );
    const known =
      /^(bin|dist|docs)\/|^(LICENSE|README(\.ja)?\.md|SECURITY\.md|CHANGELOG\.md|package\.json|npm-shrinkwrap\.json)$/;
    expect(paths.filter((path) => !known.test(path))).toEqual([]);
    expect(
      paths.filter((path) => path.endsWith(".map") || (path.endsWith(".ts") && !path.endsWith(".d.ts"))),
    ).toEqual([]);
  });

  test("names no folder of the machine that built it", () => {
    const naming = packed.files.filter(({ path }) =>
      readFileSync(join(unpacked, path), "utf8").includes(ROOT),
    );
    expect(naming.map(({ path }) => path)).toEqual([]);
  });

  test("runs where it was unpacked, through the link that npm makes", () => {
    const launcher = join(unpacked, manifest.bin["hue-impala-setup"] ?? "");
    const link = join(folder, "prefix/hue-impala-setup");
    symlinkSync(launcher, link);
    const run = spawnSync(link, ["--version"], { cwd: folder, encoding: "utf8" });
    expect(run).toMatchObject({ status: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  test("its library is what `import` finds", () => {
    const script =
      'import("hue-impala-setup").then((library) => console.log(Object.keys(library).sort().join()))';
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      cwd: join(folder, "prefix"),
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    const names = ["discoverImpalads", "editHueIni", "parseConfigObj", "renderHaproxy", "startBalancer"];
    expect(run.stdout.trim().split(",")).toEqual(expect.arrayContaining(names));
  });
});
