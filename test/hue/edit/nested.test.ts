import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "../../../src/hue/configobj/decode.ts";
import { editSource } from "../../../src/hue/edit/edit-source.ts";
import { fixture, SAMPLES, variants } from "../support/corpus.ts";
import { DOCUMENTS } from "../support/fuzz.ts";
import { nestedDocument } from "../support/generate.ts";
import { ALL_LEVELS, editNested, TLS } from "../support/nested.ts";

function edited(text: string, wanted = TLS): string {
  const after = editNested(Buffer.from(text), wanted);
  if (after === undefined) throw new Error("refused");
  return Buffer.from(after).toString();
}

describe("a key of [impala] [[ssl]]", () => {
  test.each([
    [
      "the section is there: behind its commented default",
      "[impala]\na=1\n  [[ssl]]\n  # TLS\n  ## enabled=false\n  ## cacerts=x\n",
      "[impala]\na=1\n  [[ssl]]\n  # TLS\n  ## enabled=false\n  enabled=true\n  ## cacerts=x\n",
    ],
    [
      "the key is there: only its value changes",
      '[impala]\n[[ssl]]\n "enabled" = False # no\n',
      '[impala]\n[[ssl]]\n "enabled" = true # no\n',
    ],
    [
      "not the section of that name in another one",
      "[beeswax]\n[[ssl]]\nenabled=false\n[impala]\n[[ssl]]\n[x]\n",
      "[beeswax]\n[[ssl]]\nenabled=false\n[impala]\n[[ssl]]\nenabled=true\n[x]\n",
    ],
    [
      "the section is followed by deeper ones",
      "[impala]\n[[ssl]]\n## enabled=1\n[[[deep]]]\n## enabled=2\n[[y]]\n",
      "[impala]\n[[ssl]]\n## enabled=1\nenabled=true\n[[[deep]]]\n## enabled=2\n[[y]]\n",
    ],
    [
      "the section is commented: below its header, the key behind its default",
      "[impala]\n  ## server_host=a\n\n  # [[ssl]]\n  # TLS to Impala\n  ## enabled=false\n  ## cacerts=x\n\n#### Spark\n[spark]\n",
      "[impala]\n  ## server_host=a\n\n  # [[ssl]]\n  [[ssl]]\n  # TLS to Impala\n  ## enabled=false\n  enabled=true\n  ## cacerts=x\n\n#### Spark\n[spark]\n",
    ],
    [
      "commented without a default of the key: right below the header",
      "[impala]\n# [[ssl]]\n# [[other]]\n## enabled=false\n",
      "[impala]\n# [[ssl]]\n[[ssl]]\nenabled=true\n# [[other]]\n## enabled=false\n",
    ],
    [
      "commented above a key of [impala], which must stay there: at the end",
      "[impala]\n# [[ssl]]\n## enabled=false\na=1\n\n[x]\n",
      "[impala]\n# [[ssl]]\n## enabled=false\na=1\n\n[[ssl]]\nenabled=true\n\n[x]\n",
    ],
    [
      "prose that shows a header is none",
      "[impala]\n# [[ssl]] is for TLS\n# [ssl]\n# [[SSL]]\n# [[ssl]\n",
      "[impala]\n[[ssl]]\nenabled=true\n# [[ssl]] is for TLS\n# [ssl]\n# [[SSL]]\n# [[ssl]\n",
    ],
    [
      "defaults behind the next commented header are those of another section",
      "[impala]\n# [[ssl]]\n## enabled=1\n# [[other]]\n## enabled=2\n",
      "[impala]\n# [[ssl]]\n[[ssl]]\n## enabled=1\nenabled=true\n# [[other]]\n## enabled=2\n",
    ],
    [
      "missing: not behind keys of the next section",
      "[impala]\na=1\n[x]\nb=1\n",
      "[impala]\na=1\n\n[[ssl]]\nenabled=true\n[x]\nb=1\n",
    ],
    [
      "missing: behind a section that is empty",
      "[impala]\n[[other]]\n[x]\n",
      "[impala]\n[[other]]\n\n[[ssl]]\nenabled=true\n[x]\n",
    ],
    [
      "the section is missing: behind the last default of [impala], before the next banner",
      "[impala]\n  ## server_host=a\n  ## close_queries=true\n\n#####\n# Spark\n#####\n[spark]\n",
      "[impala]\n  ## server_host=a\n  ## close_queries=true\n\n  [[ssl]]\n  enabled=true\n\n#####\n# Spark\n#####\n[spark]\n",
    ],
    [
      "missing, with others beside it: behind them, indented as they are",
      "[impala]\na=1\n\t[[other]]\n\t[[[deep]]]\n\tk=1\n[x]\n",
      "[impala]\na=1\n\t[[other]]\n\t[[[deep]]]\n\tk=1\n\n\t[[ssl]]\n\tenabled=true\n[x]\n",
    ],
    [
      "missing behind a value of several lines",
      "[impala]\na='''\n## enabled=1\n'''\n",
      "[impala]\na='''\n## enabled=1\n'''\n\n[[ssl]]\nenabled=true\n",
    ],
    ["[impala] is empty", "[impala]\n[x]\n", "[impala]\n[[ssl]]\nenabled=true\n[x]\n"],
    ["no [impala]", "[x]\r\n", "[x]\r\n\r\n[impala]\r\n[[ssl]]\r\nenabled=true\r\n"],
    ["no newline at the end", "[impala]", "[impala]\n[[ssl]]\nenabled=true"],
    ["an empty file", "", "[impala]\n[[ssl]]\nenabled=true\n"],
  ])("%s", (_, before, after) => {
    expect(edited(before)).toBe(after);
  });

  test("keys of all levels at once, each in its own place", () => {
    expect(edited("[impala]\n[x]\n", ALL_LEVELS)).toBe(
      "[impala]\nserver_host=lb.example.com\n[[ssl]]\nenabled=true\n[[[deep]]]\nk=1\n[x]\n",
    );
    expect(edited("[impala]\n## server_host=a\n# [[ssl]]\n## enabled=1\n", ALL_LEVELS)).toBe(
      "[impala]\n## server_host=a\nserver_host=lb.example.com\n# [[ssl]]\n[[ssl]]\n## enabled=1\nenabled=true\n[[[deep]]]\nk=1\n",
    );
    expect(edited("[impala]\n# [[ssl]]\n## server_host=a\n", ALL_LEVELS)).toBe(
      "[impala]\n# [[ssl]]\n## server_host=a\nserver_host=lb.example.com\n\n[[ssl]]\nenabled=true\n[[[deep]]]\nk=1\n",
    );
    expect(edited("[impala]\nserver_host=a\n# [[ssl]]\n## enabled=1\n# prose\n", ALL_LEVELS)).toBe(
      "[impala]\nserver_host=lb.example.com\n# [[ssl]]\n[[ssl]]\n## enabled=1\nenabled=true\n[[[deep]]]\nk=1\n# prose\n",
    );
    expect(edited("", ALL_LEVELS)).toBe(
      "[impala]\nserver_host=lb.example.com\n[[ssl]]\nenabled=true\n[[[deep]]]\nk=1\n",
    );
  });

  test.each([
    [
      "[impala]\nssl=1\n",
      "impala-is-a-value",
      "line 2 gives ssl a value, so that there can be no section [[ssl]]",
    ],
    [
      "[impala]\n[[ssl]]\n[[[enabled]]]\n",
      "setting-is-a-section",
      "line 3 opens a section [[[enabled]]] where Hue expects a value",
    ],
  ])("%j is refused: %s", (text, code, message) => {
    expect(() => editSource(decode(Buffer.from(text)), TLS, true)).toThrow(
      expect.objectContaining({ kind: "unparsable", code, message }),
    );
  });

  test.each(SAMPLES.flatMap(variants))("in $name", ({ bytes }) => {
    if (bytes.includes(0xfc)) return;
    expect(editNested(bytes, ALL_LEVELS)).toBeDefined();
  });

  test("in a stock file the commented [[ssl]] shows the place", () => {
    const before = fixture("indented.ini").toString();
    const after = edited(before);
    expect(after.split("\n").filter((line) => !before.split("\n").includes(line))).toEqual([
      "    enabled=true",
    ]);
  });

  test("in generated documents", () => {
    let done = 0;
    fc.assert(
      fc.property(nestedDocument, fc.constantFrom(TLS, ALL_LEVELS), (text, wanted) => {
        if (editNested(Buffer.from(text), wanted) !== undefined) done++;
      }),
      { numRuns: DOCUMENTS / 4 },
    );
    expect(done).toBeGreaterThan(DOCUMENTS / 40);
  });
});
