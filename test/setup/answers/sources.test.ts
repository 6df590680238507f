import { describe, expect, it } from "vitest";
import { answerOf } from "../../../src/setup/answers/answers.ts";
import { parseAnswers, printAnswers } from "../../../src/setup/answers/file.ts";
import { collectAnswers } from "../../../src/setup/answers/sources.ts";
import { typed } from "../support.ts";

const FILE = `version: 1
hue:
  serverPort: 3
cloudera: # nothing said
balancer:
  impalads: [a.example.com, "b.example.com:21051"]
  allow:
`;

describe("where answers come from", () => {
  it("a flag beats a variable, a variable the answers file; each keeps its origin", async () => {
    const file = await parseAnswers(FILE, "answers.yaml");
    const environment = { HUE_IMPALA_SETUP_SERVER_PORT: "2", HUE_IMPALA_SETUP_CM_URL: "" };
    const all = collectAnswers({ serverPort: ["1"] }, environment, file);
    expect(all.serverPort).toEqual({ value: 1, origin: { kind: "flag", detail: "--server-port" } });
    expect(collectAnswers({}, environment, file).serverPort).toEqual({
      value: 2,
      origin: { kind: "environment", detail: "HUE_IMPALA_SETUP_SERVER_PORT" },
    });
    const written = collectAnswers({}, {}, file);
    expect(written.serverPort).toEqual({
      value: 3,
      origin: { kind: "answers-file", detail: "answers.yaml:3" },
    });
    expect(answerOf(written, "impalads")).toEqual([
      { host: "a.example.com", port: 21050 },
      { host: "b.example.com", port: 21051 },
    ]);
    expect(all.cmUrl).toBeUndefined();
    expect(written.allow).toBeUndefined();
  });

  it("all bad values are told at once, each with its source", async () => {
    const file = await parseAnswers("hue: {serverConnTimeout: 0}", "answers.yaml");
    const collect = () =>
      collectAnswers({ balance: ["sesion"] }, { HUE_IMPALA_SETUP_SERVER_PORT: "x" }, file);
    expect(collect).toThrow(/3 settings are wrong/);
    expect(collect).toThrow(/did you mean session\?/);
    expect(collect).toThrow(/HUE_IMPALA_SETUP_SERVER_PORT: "x"/);
    expect(collect).toThrow(/answers\.yaml:1: hue\.serverConnTimeout/);
  });

  it.each([
    ["hue: [", "unparsable", /answers\.yaml:1: /],
    ["hue:\n  serverPrt: 1", "settings", /answers\.yaml:2: "hue\.serverPrt" is not a setting/],
    ["cloudera:\n  password: x", "settings", /passwords do not belong/],
    ["version: 2", "settings", /version 2 is not known/],
    ["hue:\n  serverPort: {a: 1}", "unparsable", /takes a plain value/],
    ["- a", "unparsable", /name: value/],
    ["hue: 1", "unparsable", /name: value/],
    ["hue:\n  serverPort: 1\n  serverPort: 2", "unparsable", /answers\.yaml:3/],
  ])("%j is refused, with its line", async (text, kind, message) => {
    const refused = parseAnswers(text, "answers.yaml");
    await expect(refused).rejects.toMatchObject({ kind });
    await expect(refused).rejects.toThrow(message);
  });

  it("a saved answers file gives the same answers back, without what was only discovered", async () => {
    const answers = {
      ...typed({
        target: "hue-ini",
        hueIni: "/etc/hue/x: y #1.ini",
        serverPort: 10001,
        restartHue: true,
        cmUser: "no",
        cluster: "Cluster 1 \u6771\u4eac",
        impalads: [
          { host: "::1", port: 1 },
          { host: "a", port: 2 },
        ],
        listen: { host: "0.0.0.0", port: 10001 },
        allow: ["10.0.0.0/8", "fd00::/8"],
      }),
      serverHost: { value: "lb", origin: { kind: "default", detail: "" } },
    } as const;
    const text = await printAnswers(answers);
    expect(text).not.toContain("lb");
    const again = collectAnswers({}, {}, await parseAnswers(text, "saved.yaml"));
    const { serverHost: _computed, ...given } = answers;
    for (const key of Object.keys(given) as (keyof typeof given)[]) {
      expect(answerOf(again, key), key).toEqual(answerOf(given, key));
    }
    expect(Object.keys(again)).toHaveLength(Object.keys(given).length);
  });
});
