import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missing, title } from "../support/needs.ts";
import { ROOT, textOf } from "./tree.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ci-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function node(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

function report(name: string, passed: number, failed: number, broken = 0): void {
  const file = (status: string, assertions: string[]): object => ({
    status,
    assertionResults: assertions.map((assertion) => ({ status: assertion })),
  });
  const testResults = [
    file(failed > 0 ? "failed" : "passed", failed > 0 ? ["passed", "failed"] : ["passed"]),
    ...Array.from({ length: broken }, () => file("failed", [])),
  ];
  writeFileSync(
    join(folder, name),
    JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults }),
  );
}

describe("the results' last line", () => {
  test("sums tests of all reports", () => {
    report("a.json", 10, 0);
    report("b.json", 5, 2);
    writeFileSync(join(folder, "apt.log"), "not a report");
    expect(node("scripts/count-results.js", folder, "0")).toBe("15 passed, 2 failed\n");
  });

  test("counts a file that could not be loaded, and a step that failed without a test", () => {
    report("b.json", 5, 0, 1);
    expect(node("scripts/count-results.js", folder, "0")).toBe("15 passed, 1 failed\n");
    report("b.json", 5, 0);
    expect(node("scripts/count-results.js", folder, "2")).toBe("15 passed, 2 failed\n");
  });
});

describe("the Debian packages of the tests", () => {
  test("are all that test/support/needs.ts names, a word each", () => {
    const packages = node("scripts/debian-packages.js").trimEnd().split("\n");
    expect(packages).toEqual(
      expect.arrayContaining(["haproxy", "libnginx-mod-stream", "nginx-light", "zsh"]),
    );
    const rows = textOf("test/support/needs.ts").match(/\bpackage: "/g) ?? [];
    expect(packages.length).toBeGreaterThanOrEqual(rows.length);
    expect(packages.filter((name) => !/^[a-z0-9][a-z0-9.+-]+$/.test(name))).toEqual([]);
  });
});

describe.skipIf(missing("shellcheck"))(title(".ci/run", "shellcheck"), () => {
  test("is executable and shellcheck finds nothing", () => {
    expect(statSync(join(ROOT, ".ci/run")).mode & 0o111).toBe(0o111);
    const { stdout } = spawnSync("shellcheck", [join(ROOT, ".ci/run")], { encoding: "utf8" });
    expect(stdout).toBe("");
  });
});
