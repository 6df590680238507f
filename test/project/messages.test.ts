import { describe, expect, test } from "vitest";
import {
  type ShownCode,
  shownFailures,
  shownFindings,
  shownWarnings,
  type Tables,
} from "../../src/cli/generate/codes.ts";
import { worded } from "../../src/domain/catalogue.ts";
import type { Text } from "../../src/domain/text.ts";
import { wholeCatalogue } from "./catalogue.ts";
import { sources, textOf } from "./tree.ts";

const catalogue = await wholeCatalogue();
const SORTS = {
  failure: { tables: catalogue.failures, shown: shownFailures(catalogue) },
  warning: { tables: catalogue.warnings, shown: shownWarnings(catalogue) },
  finding: { tables: catalogue.findings, shown: shownFindings(catalogue) },
} as const;

/** Says only what somebody else said, so both languages are the same; the value is why. */
const SAME_IN_BOTH: Readonly<Record<string, string>> = {
  unexpected: "what an exception says",
  internal: "what an exception says",
  hiveserver2: "what the operating system says",
  unparsable: "what Hue's own parser says, word for word",
  "server-host": "names, values and places only",
  "server-port": "names, values and places only",
};

/** The only places where a Failure is made: from a row, and from the record of one. */
const MAKERS = /^src\/domain\/(catalogue|failure|failure-record)\.ts$/;

const all = Object.entries(SORTS).flatMap(([sort, { shown }]) =>
  shown.map((row) => [sort, row.code, row] as const),
);

describe("the catalogue of messages", () => {
  test.each(all)("%s %s speaks English and Japanese", (_, code, { message, hint, example }) => {
    const holes = JSON.stringify(example)?.includes("undefined") ? /\[object/ : /undefined|\[object/;
    for (const text of [message, ...(hint === undefined ? [] : [hint])]) {
      expect(text.en.trim()).not.toBe("");
      expect(text.en).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
      for (const said of [text.en, text.ja]) expect(said).not.toMatch(holes);
      if (code in SAME_IN_BOTH && text === message) continue;
      expect(text.ja).toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
    }
  });

  test.each(Object.entries(SORTS))("every code of a %s has one row", (_, { tables }) => {
    const rows = new Map<string, unknown>();
    for (const { name, rows: table } of tables as Tables<unknown>) {
      for (const [code, row] of Object.entries(table)) {
        expect(code).toMatch(/^[a-z0-9]+([.-][a-z0-9]+)*$/);
        expect(rows.get(code) ?? row, `${name}: ${code}`).toBe(row);
        rows.set(code, row);
      }
    }
  });

  test.each(all)("%s %s says every value of its example", (_, code, row) => {
    const { example } = row;
    const lost = leaves(example).filter(({ path, value }) => {
      const other = rendered(row, replaced(example, path, changed(value)));
      const said = rendered(row, example);
      return said !== undefined && other !== undefined && (said.en === other.en || said.ja === other.ja);
    });
    expect(lost.map(({ path }) => `${code}: ${path.join(".")}`)).toEqual([]);
  });

  test("nothing words a failure outside of it", () => {
    expect(filesWith(/\bnew Failure\(/).filter((path) => !MAKERS.test(path))).toEqual([]);
  });

  test("nothing words a warning or a finding outside of it", () => {
    const literal = /\b(code: "[^"]*"|check: "[^"]*",\s*status: "[^"]*"),\s*message\b/;
    expect(filesWith(literal).filter((path) => !path.startsWith("src/messages/"))).toEqual([]);
  });
});

function filesWith(pattern: RegExp): string[] {
  return sources("src").filter((path) => pattern.test(textOf(path)));
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: string | number;
}

/** The strings and numbers of an example, each with its place. */
function leaves(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value === "string" || typeof value === "number") return [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  // In either language a text is one value.
  if (isText(value)) return [{ path: [...path, "en"], value: value.en }];
  return Object.entries(value).flatMap(([key, one]) => leaves(one, [...path, key]));
}

function isText(value: object): value is Text {
  return Object.keys(value).toSorted().join() === "en,ja";
}

function changed(value: string | number): string | number {
  return typeof value === "number" ? value * 3 + 1 : `${value}-changed`;
}

/** A copy with another value at a place; a text is changed in both languages. */
function replaced(value: unknown, [key, ...rest]: readonly string[], by: string | number): unknown {
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Object.assign(Array.isArray(value) ? [] : {}, value);
  copy[key] = replaced(copy[key], rest, by);
  if (rest.length === 0 && isText(copy)) return { en: String(by), ja: String(by) };
  return copy;
}

/** Message and hint for other values than the example's; undefined where the row refuses them. */
function rendered({ row }: ShownCode, values: unknown): Text | undefined {
  try {
    const message = worded(row.message, values);
    const given = "hint" in row ? row.hint : "remedy" in row ? row.remedy : undefined;
    const hint: Text | undefined = typeof given === "function" ? given(values) : given;
    // A finding's check and status are said too.
    const how = ["check", "status"].map((name) => {
      const part: unknown = Reflect.get(row, name);
      return String(typeof part === "function" ? part(values) : part);
    });
    return {
      en: [message.en, hint?.en, ...how].join("\n"),
      ja: [message.ja, hint?.ja, ...how].join("\n"),
    };
  } catch {
    return undefined;
  }
}
