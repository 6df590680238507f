import { describe, expect, test } from "vitest";
import { type ConfFile, effectiveImpala } from "../../../src/hue/effective.ts";
import { examineLoaded } from "../../../src/setup/doctor/loaded.ts";
import { examineSettings, hueEndpoint } from "../../../src/setup/doctor/settings.ts";

const file = (text: string, path = "hue.ini"): ConfFile => ({ path, bytes: Buffer.from(text) });
const effect = (...texts: string[]) => effectiveImpala(texts.map((text) => file(text)));

describe("what the doctor says of the settings", () => {
  test("nothing set: Hue's own defaults, and what they do", () => {
    expect(examineSettings(effect(""))).toEqual([
      {
        check: "server-host",
        status: "problem",
        message: "[impala] server_host is not set: Hue connects to localhost",
        remedy: "run hue-impala-setup",
        text: {
          en: "[impala] server_host is not set: Hue connects to localhost",
          ja: "[impala] server_host が設定されていません: Hue は localhost に接続します",
        },
        remedyText: { en: "run hue-impala-setup", ja: "hue-impala-setup を実行してください" },
      },
      expect.objectContaining({
        check: "server-port",
        status: "warning",
        message: "[impala] server_port is not set: Hue uses 21050",
      }),
      expect.objectContaining({
        check: "server-conn-timeout",
        status: "warning",
        message: "[impala] server_conn_timeout is not set: Hue gives up after 120 s",
        remedy: "set it to 3600 with hue-impala-setup",
      }),
    ]);
  });

  test.each([
    ["600", "ok", "server_conn_timeout = 600 (hue.ini:2)"],
    ["599", "warning", "server_conn_timeout = 599 (hue.ini:2): longer calls fail"],
    ["600.5", "warning", "server_conn_timeout = 600.5 (hue.ini:2): longer calls fail"],
    ["1h", "warning", "server_conn_timeout = 1h (hue.ini:2): longer calls fail"],
  ])("server_conn_timeout=%s: %s", (value, status, message) => {
    const found = examineSettings(effect(`[impala]\nserver_conn_timeout=${value}\n`));
    const own = found.find(({ check }) => check === "server-conn-timeout");
    expect(own).toMatchObject({ status, message });
    expect(own?.remedy !== undefined).toBe(status === "warning");
  });

  test("a file that Hue does not start with comes first, in ConfigObj's words; warnings come last", () => {
    const found = examineSettings(
      effectiveImpala([
        file("[impala]\nserver_host: a\n", "z.ini"),
        file("[impala]\nserver_host=a\nserver_port=x\nserver_conn_timeout=3600\n"),
      ]),
    );
    expect(found.map(({ check, status }) => `${check} ${status}`)).toEqual([
      "hue-reads problem",
      "server-host ok",
      "server-port ok",
      "server-conn-timeout ok",
      "bad-number warning",
    ]);
    expect(found[0]?.text.ja).toContain("z.ini:2: Invalid line ('server_host: a')");
    expect(found.at(-1)?.text.ja).toBe(
      'hue.ini:3: server_port の値 "x" を Hue は使えません。1 から 65535 までの整数が必要です',
    );
  });
});

test.each([
  ["", { host: "localhost", port: 21050 }],
  ["[impala]\nserver_host=a\n", { host: "a", port: 21050 }],
  ["[impala]\nserver_port=65535\n", { host: "localhost", port: 65535 }],
  ["[impala]\nserver_port=65536\n", undefined],
  ["[impala]\nserver_port=0\n", undefined],
  ["[impala]\nserver_port=x\n", undefined],
  ["[impala]\nserver_host=a,b\n", undefined],
])("where Hue connects with %j", (text, endpoint) => {
  expect(hueEndpoint(effect(text))).toEqual(endpoint);
});

describe("what a running Hue has loaded", () => {
  const VALVES = effect("[impala]\nserver_host=lb\nserver_port=10001\nserver_conn_timeout=3600\n");
  const loaded = (text: string) => ({ role: "r", host: "server1", settings: effect(text).settings });

  test.each([
    ["[impala]\nserver_host=lb\nserver_port=10001\nserver_conn_timeout=3600\n", "ok"],
    ["[impala]\nserver_host=lb\nserver_port=10001\nserver_conn_timeout=120\n", "warning"],
    ["[impala]\nserver_host=lb\nserver_port=10001\n", "warning"],
    ["[impala]\nserver_host=old\nserver_port=10001\nserver_conn_timeout=3600\n", "warning"],
    ["[impala]\nserver_host=lb\nserver_port=10002\nserver_conn_timeout=3600\n", "warning"],
  ])("%j: %s", (text, status) => {
    expect(examineLoaded(VALVES, loaded(text))).toMatchObject({ check: "hue-loaded", status });
  });

  test("what stands elsewhere than in the valves does not matter", () => {
    const valves = effect("[impala]\nserver_host=lb\nserver_port=10001\n");
    const text = "[impala]\nserver_host=lb\nserver_port=10001\nserver_conn_timeout=120\n";
    expect(examineLoaded(valves, loaded(text)).status).toBe("ok");
  });

  test("is told in both languages", () => {
    expect(examineLoaded(VALVES, loaded("[impala]\nserver_host=old\n"))).toMatchObject({
      message: "Hue on server1 loaded server_host=old, server_port=(default), server_conn_timeout=(default)",
      text: {
        ja: "server1 の Hue が読み込んだ設定: server_host=old, server_port=(既定値), server_conn_timeout=(既定値)",
      },
      remedyText: { ja: expect.stringContaining("再起動") },
    });
  });
});
