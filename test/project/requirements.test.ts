import { describe, expect, test } from "vitest";
import { sources, textOf } from "./tree.ts";

/** Which series a test's numbers belong to. */
const SERIES = {
  "hue.ini and the safety valve": /^test\/(hue|system)\//,
  Balancer: /^test\/(balancer|engines|long|peers)\//,
} as const;

/** The numbers that a section of the page explains, with the test files it names for each. */
function explained(section: string): Map<string, readonly string[]> {
  const text =
    textOf("docs/requirements.md")
      .split(/^## /m)
      .find((part) => part.startsWith(section)) ?? "";
  const rows = [...text.matchAll(/^\| (R\d+) \| [^|]+ \| ([^|]+) \|$/gm)];
  return new Map(
    rows.map(([, number = "", tests = ""]) => [
      number,
      [...tests.matchAll(/`([^`]+)`/g)].map(([, path]) => `test/${path}`),
    ]),
  );
}

/** The numbers in a file's titles of tests. */
function named(path: string): string[] {
  return [...textOf(path).matchAll(/["'`][^"'`\n]*?\b(R\d+)\b/g)].flatMap(
    ([title]) => title.match(/\bR\d+\b/g) ?? [],
  );
}

describe("docs/requirements.md", () => {
  test.each(Object.entries(SERIES))(
    "%s: explains each number that a test names, and the named tests hold it",
    (section, files) => {
      const numbers = explained(section);
      const tests = sources("test").filter((path) => files.test(path));
      const used = new Set(tests.flatMap(named));
      expect([...used].filter((number) => !numbers.has(number))).toEqual([]);
      const unheld = [...numbers].flatMap(([number, paths]) =>
        paths
          .filter((path) => !tests.includes(path) || !named(path).includes(number))
          .map((path) => `${number}: ${path}`),
      );
      expect(numbers.size).toBeGreaterThan(15);
      expect(unheld).toEqual([]);
    },
  );
});
