import { describe, expect, test } from "vitest";
import { balancerSpecFiles, SPEC_PAGE } from "../../scripts/balancer-spec-docs.ts";
import { generatedFiles, READMES } from "../../src/cli/generate/files.ts";
import { wholeCatalogue } from "./catalogue.ts";
import { projectFiles, textOf } from "./tree.ts";

const present = projectFiles();
const readmes = new Map(
  Object.keys(READMES)
    .filter((path) => present.includes(path))
    .map((path) => [path, textOf(path)]),
);

const catalogue = await wholeCatalogue();

describe("generated files", () => {
  test.each([...generatedFiles(readmes, catalogue), ...balancerSpecFiles(textOf(SPEC_PAGE))])(
    "%s is what `npm run generate` writes",
    (path, content) => {
      expect(present).toContain(path);
      expect(textOf(path)).toBe(content);
    },
  );

  test.each(["options", "exit-codes"])("README.md has a place for the table of %s", (section) => {
    const text = readmes.get("README.md") ?? "";
    expect(text).toContain(`<!-- ${section}:start -->`);
    expect(text).toContain(`<!-- ${section}:end -->`);
  });
});
