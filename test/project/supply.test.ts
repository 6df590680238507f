import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ROOT, textOf } from "./tree.ts";

interface Locked {
  readonly version: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly license?: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(textOf("npm-shrinkwrap.json")) as {
  packages: Readonly<Record<string, Locked>>;
};

test("what development needs is not installed in production: no TypeScript, no types", () => {
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== "" && dev !== true);
  expect(production.map(([path]) => path).filter((path) => /typescript|@types\//.test(path))).toEqual([]);
  expect(production.filter(([, { devOptional }]) => devOptional === true)).toEqual([]);
  expect(production.length).toBeLessThan(80);

  // As npm itself reads the lockfile.
  const folder = mkdtempSync(join(tmpdir(), "supply-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["package.json", "npm-shrinkwrap.json"]) {
    copyFileSync(join(ROOT, name), join(folder, name));
  }
  const args = ["ls", "--omit=dev", "--all", "--package-lock-only", "--parseable"];
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: folder, encoding: "utf8" });
  expect(status, stderr).toBe(0);
  expect(stdout).toMatch(/node_modules\/valibot$/m);
  expect(stdout).not.toMatch(/node_modules\/(typescript|@types)/);
});

test("the bill of materials names every package of production with a licence that we may use", () => {
  const folder = mkdtempSync(join(tmpdir(), "sbom-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "sbom.cdx.json");
  const { status, stderr } = spawnSync(process.execPath, ["scripts/sbom.js", file], {
    cwd: ROOT,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const bill = JSON.parse(readFileSync(file, "utf8")) as {
    bomFormat: string;
    components: readonly { name: string; licenses?: readonly unknown[] }[];
  };
  const names = bill.components.map(({ name }) => name);
  expect(bill.bomFormat).toBe("CycloneDX");
  expect(names).toEqual(expect.arrayContaining(["axios", "inquirer", "valibot", "yaml"]));
  expect(names).not.toContain("typescript");
  expect(bill.components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
});
