import { dirname } from "node:path/posix";
import { describe, expect, test } from "vitest";
import { projectFiles, sources, textOf } from "./tree.ts";

const MOST_LINES = 350;
const MOST_FILES = 12;
const MOST_COLUMNS = 120;

describe("the source tree", () => {
  test(`no source file has more than ${MOST_LINES} lines`, () => {
    const long = [...sources("src"), ...sources("fixtures"), ...sources("bench")]
      .map((path) => ({ path, lines: textOf(path).trimEnd().split("\n").length }))
      .filter(({ lines }) => lines > MOST_LINES);
    expect(long).toEqual([]);
  });

  test(`no folder has more than ${MOST_FILES} files side by side`, () => {
    const folders = new Map<string, number>();
    for (const path of sources("src")) folders.set(dirname(path), (folders.get(dirname(path)) ?? 0) + 1);
    expect([...folders].filter(([, files]) => files > MOST_FILES)).toEqual([]);
  });

  test(`no comment goes beyond column ${MOST_COLUMNS}`, () => {
    const wide = ["src", "fixtures", "bench"]
      .flatMap((folder) => sources(folder))
      .flatMap((path) =>
        textOf(path)
          .split("\n")
          .flatMap((line, at) =>
            line.length > MOST_COLUMNS && /^\s*(\/\/|\/?\*)/.test(line) ? [`${path}:${at + 1}`] : [],
          ),
      );
    expect(wide).toEqual([]);
  });

  test("licence, README, security page and change log are there", () => {
    const present = projectFiles();
    const wanted = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "docs/architecture.md"];
    expect(wanted.filter((path) => !present.includes(path))).toEqual([]);
    expect(textOf("LICENSE")).toMatch(/Apache License\s+Version 2\.0, January 2004/);
  });

  test("no test is left out by .only, .skip or .todo", () => {
    const left = sources("test").filter((path) =>
      /\b(test|it|describe)(\.\w+)*\.(only|skip|todo)\b/.test(textOf(path)),
    );
    expect(left).toEqual([]);
  });
});
