import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/program.ts";

describe("docs/behaviour.md", () => {
  it("names only tests that exist", () => {
    const text = readFileSync(join(ROOT, "docs/behaviour.md"), "utf8");
    const named = [...text.matchAll(/`([a-z-]+\/[\w./-]*)`/g)].map(([, path = ""]) => path);
    const tests = named.filter((path) => path.endsWith(".ts") || path.endsWith("/"));
    expect(tests.length).toBeGreaterThan(30);
    expect(tests.filter((path) => !existsSync(join(ROOT, "test", path)))).toEqual([]);
  });
});
