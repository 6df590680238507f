import { describe, expect, test } from "vitest";
import { projectFiles, textOf } from "./tree.ts";

/** Assembled from parts, so that this file does not contain what it looks for. */
const any = (...alternatives: string[]): string => `(?:${alternatives.join("|")})`;

const FORBIDDEN: readonly (readonly [string, RegExp])[] = [
  [
    "a folder of one machine",
    new RegExp(
      `(?<![\\w.$}-])/${any("wo" + "rk", "ho" + "me/[a-z]+", "ro" + "ot/\\.(?:npm|cache|config)")}/[\\w.]`,
      "i",
    ),
  ],
  [
    "an address of a package registry",
    new RegExp(`${any("registry", "mirror", "artifactory", "nexus")}[\\w.-]*\\.[a-z]{2,}(?:[:/]|$)`, "im"),
  ],
  [
    "how the project was made",
    new RegExp(
      `\\b${any("the br" + "ief", "fact sh" + "eets?", "sub-?ag" + "ents?", "prom" + "pt engineering", "cl" + "aude", "lang" + "uage model")}\\b`,
      "i",
    ),
  ],
];

/** Files that are not prose or code of this project. */
const EXEMPT = /^(LICENSE|npm-shrinkwrap\.json)$|\.(png|ico|pem|der|jpg|gz)$/;

describe("words", () => {
  test.each(FORBIDDEN)("no file names %s", (_, pattern) => {
    const found = projectFiles()
      .filter((path) => !EXEMPT.test(path))
      .flatMap((path) =>
        textOf(path)
          .split("\n")
          .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
      );
    expect(found).toEqual([]);
  });

  test("the lockfile names no address to fetch from", () => {
    expect(textOf("npm-shrinkwrap.json")).not.toMatch(/"resolved"/);
  });

  test("the patterns find what they look for", () => {
    const samples = ["/wo" + "rk/x", "https://regis" + "try.example.com/", "as the br" + "ief says"];
    expect(samples.map((sample, index) => FORBIDDEN[index]?.[1].test(sample))).toEqual([true, true, true]);
  });
});
