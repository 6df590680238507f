import { describe, expect, test } from "vitest";
import { answersSchema } from "../../../src/cli/generate/answers-schema.ts";
import type { Answers } from "../../../src/setup/answers/answers.ts";
import { parseAnswers, printAnswers } from "../../../src/setup/answers/file.ts";
import { choicesOf } from "../../../src/setup/answers/option.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "../../../src/setup/answers/options.ts";
import { collectAnswers } from "../../../src/setup/answers/sources.ts";
import { violations } from "./json-schema.ts";

const schema = answersSchema();

/** A text for each kind of value, as a person types it. */
const TEXTS: Readonly<Record<string, string>> = {
  flag: "true",
  text: "Cluster 1",
  path: "/etc/hue/hue.ini",
  host: "lb.example.com",
  port: "10001",
  seconds: "3600",
  endpoint: "0.0.0.0:10001",
  network: "10.0.0.0/8,fd00::/8",
};

function textFor(key: OptionKey): string {
  const { type } = OPTIONS[key];
  return type.kind === "choice" ? (choicesOf(type)[0] ?? "") : (TEXTS[type.kind] ?? "");
}

const everything: Answers = collectAnswers(
  Object.fromEntries(OPTION_KEYS.map((key) => [key, [textFor(key)]])),
  {},
  undefined,
);

describe("schema of the answers file", () => {
  test("accepts what --save-answers writes with every setting given", async () => {
    const { parse } = await import("yaml");
    const document: unknown = parse(await printAnswers(everything));
    expect(violations(schema, document)).toEqual([]);
    const read = await parseAnswers(JSON.stringify(document), "answers.json");
    const withPath = OPTION_KEYS.filter((key) => "path" in OPTIONS[key]);
    expect(new Set(read.values.keys())).toEqual(new Set(withPath));
  });

  test.each([
    ["an unknown key", { version: 1, clouderaManager: "x" }],
    ["an unknown key below", { version: 1, hue: { serverHots: "x" } }],
    ["another version", { version: 2 }],
    ["a password", { version: 1, cloudera: { password: "x" } }],
  ])("refuses %s, as the program does", async (_, document) => {
    expect(violations(schema, document)).toHaveLength(1);
    await expect(parseAnswers(JSON.stringify(document), "answers.json")).rejects.toThrow();
  });

  test.each([
    ["a port that is none", { hue: { serverPort: 65536 } }],
    ["no whole seconds", { hue: { serverConnTimeout: 0 } }],
    ["a target that is none", { target: "nowhere" }],
    ["an address without port", { balancer: { listen: "0.0.0.0" } }],
  ])("refuses %s, as the program does", async (_, document) => {
    expect(violations(schema, document)).toHaveLength(1);
    const file = await parseAnswers(JSON.stringify(document), "answers.json");
    expect(() => collectAnswers({}, {}, file)).toThrow();
  });

  test.each(["yes", "no", "on", "off", true, false])(
    "takes %j for a flag, as the program does",
    async (value) => {
      const document = { hue: { restart: value } };
      expect(violations(schema, document)).toEqual([]);
      const answers = collectAnswers({}, {}, await parseAnswers(JSON.stringify(document), "answers.json"));
      expect(answers.restartHue?.value).toBe([true, "yes", "on"].includes(value));
    },
  );
});
