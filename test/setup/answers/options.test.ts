import { describe, expect, it } from "vitest";
import * as wellKnown from "../../../src/domain/well-known.ts";
import { answerOf } from "../../../src/setup/answers/answers.ts";
import { defaultOf, settingOf } from "../../../src/setup/answers/defaults.ts";
import { environmentName, type OptionRow } from "../../../src/setup/answers/option.ts";
import { COMMAND_NAMES, type CommandName } from "../../../src/setup/answers/options/commands.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "../../../src/setup/answers/options.ts";
import { matters, questionsAt } from "../../../src/setup/answers/questions.ts";
import { readValue } from "../../../src/setup/answers/read-value.ts";
import { collectAnswers } from "../../../src/setup/answers/sources.ts";
import { sources, textOf } from "../../project/tree.ts";
import { typed } from "../support.ts";

const rows: readonly (readonly [OptionKey, OptionRow])[] = OPTION_KEYS.map((key) => [key, OPTIONS[key]]);

describe("the option table", () => {
  it.each(rows)("%s has a variable, and commands that take it", (key, row) => {
    const text = row.type.kind === "choice" ? Object.keys(row.type.choices)[0] : "10.0.0.1:1";
    const given = collectAnswers({}, { [environmentName(row)]: sample(row) ?? text }, undefined);
    expect(given[key]?.origin).toEqual({ kind: "environment", detail: environmentName(row) });
    expect(row.commands.length).toBeGreaterThan(0);
    expect(new Set(row.commands).size).toBe(row.commands.length);
  });

  it("every command takes the options of the output", () => {
    for (const key of ["json", "lang", "color", "verbose"] as const) {
      const commands: readonly CommandName[] = OPTIONS[key].commands;
      expect(commands).toEqual(COMMAND_NAMES);
    }
  });

  it.each(rows.filter(([, row]) => typeof row.default === "string" || typeof row.default === "number"))(
    "%s has a default that the option itself accepts",
    (key, row) => {
      expect(() => readValue(key, [String(row.default)], row.flag)).not.toThrow();
    },
  );

  it("a fixed default counts where nobody says anything", () => {
    expect(settingOf({}, "adminListen")).toEqual({ host: "127.0.0.1", port: 10002 });
    expect(settingOf({}, "serverConnTimeout")).toBe(3600);
    expect(settingOf(typed({ serverConnTimeout: 5 }), "serverConnTimeout")).toBe(5);
    expect(defaultOf("balancer")).toBe("embedded");
  });
});

describe("the questions", () => {
  it("have an order of their own at each stage", () => {
    expect(questionsAt("login")).toEqual(["target", "hueIni", "cmUrl", "cmUser"]);
    expect(questionsAt("cluster")).toEqual(["cluster", "hueService", "impalaService"]);
    expect(questionsAt("wishes")).toEqual([
      "balancer",
      "impalads",
      "listen",
      "serverHost",
      "serverPort",
      "serverConnTimeout",
    ]);
  });

  it("depend on options only", () => {
    const keys = new Set<string>(OPTION_KEYS);
    const looked: string[] = [];
    const known = new Proxy<Record<string, unknown>>(
      {},
      { get: (_, name) => void looked.push(String(name)) },
    );
    for (const [, row] of rows) row.question?.when?.(known);
    expect(looked.length).toBeGreaterThan(0);
    expect(looked.filter((name) => !keys.has(name))).toEqual([]);
  });

  it.each([
    ["hueIni", { target: "hue-ini" }, true],
    ["hueIni", { target: "cloudera-manager" }, false],
    ["cmUrl", { target: "cloudera-manager", balancer: "external" }, true],
    ["cmUrl", { target: "hue-ini", balancer: "external" }, false],
    ["cmUrl", { target: "hue-ini", impalads: [] }, false],
    ["cmUrl", { target: "hue-ini" }, true],
    ["cmUser", {}, false],
    ["cmUser", { cmUrl: "cm" }, true],
    ["impalads", { balancer: "external" }, false],
    ["listen", { balancer: "haproxy" }, true],
    ["serverHost", { balancer: "external" }, true],
    ["serverPort", { balancer: "external" }, true],
    ["serverPort", { balancer: "embedded" }, false],
    ["restartHue", {}, false],
  ] as const)("%s with %j: %s", (key, values, asked) => {
    expect(matters(key, typed(values))).toBe(asked);
  });
});

describe("well-known places", () => {
  const places = Object.values(wellKnown)
    .flat()
    .filter((value) => typeof value === "string" && value.startsWith("/"));

  /** The keeper, and examples: of command lines and of messages. */
  const exempt = /^src\/(domain\/well-known|cli\/generate\/examples|messages\/.*)\.ts$/;

  it.each(places)("%s is written down once", (place) => {
    const literal = new RegExp(`["'\`]${place}["'\`]`);
    const others = sources("src").filter((path) => !exempt.test(path) && literal.test(withoutComments(path)));
    expect(others).toEqual([]);
  });

  it("are what the options of the places give", () => {
    expect(answerOf({}, "spec")).toBeUndefined();
    expect(settingOf({}, "spec")).toBe(wellKnown.SPEC_FILE);
    expect(settingOf({}, "haproxyConfig")).toBe(wellKnown.HAPROXY_FILE);
    expect(settingOf({}, "unitDir")).toBe(wellKnown.UNIT_DIRS[0]);
    expect(settingOf({}, "stateDir")).toBe(wellKnown.STATE_DIR);
  });
});

function withoutComments(path: string): string {
  return textOf(path).replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
}

function sample({ type }: OptionRow): string | undefined {
  return { flag: "1", port: "1", seconds: "1", host: "a", network: "::1" }[type.kind as string];
}
