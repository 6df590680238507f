import { describe, expect, test } from "vitest";
import { hostFault } from "../../src/domain/words/host-faults.ts";
import { effectiveImpala } from "../../src/hue/effective.ts";
import { readValue } from "../../src/setup/answers/read-value.ts";
import { examineSettings, hueEndpoint } from "../../src/setup/doctor/settings.ts";
import { thrownBy } from "../cloudera/support.ts";

const WRONG: readonly (readonly [string, RegExp, RegExp])[] = [
  ["lb.example.com:21050", /holds a port/, /write lb\.example\.com alone; .*--server-port 21050/],
  ["10.0.0.7:21050", /holds a port/, /write 10\.0\.0\.7 alone/],
  ["[fd00::7]:21050", /brackets/, /write fd00::7 alone; .*--server-port 21050/],
  ["[::1]", /brackets/, /write ::1 alone/],
  ["http://lb.example.com", /is a URL/, /write lb\.example\.com alone/],
  ["jdbc:impala://lb:21050/default;auth=noSasl", /is a URL/, /write lb alone; .*21050/],
  ["https://admin@lb.example.com:28000/cliservice", /is a URL/, /write lb\.example\.com alone; .*28000/],
  ["thrift://[fd00::7]:1", /is a URL/, /write fd00::7 alone/],
  ["lb.example.com.", /ends in a dot/, /write lb\.example\.com, without the dot/],
  ["lb example.com", /holds a blank/, /one host name or address/],
  ["lb.example.com\u00a0", /holds a blank/, /write lb\.example\.com, without the blanks/],
  ["10.0.0.300", /not a host name/, /one host name or address/],
  ["h1,h2", /not a host name/, /one host name or address/],
  ["lb/impala", /not a host name/, /one host name or address/],
  ["-lb", /not a host name/, /one host name or address/],
];

const RIGHT = [
  "lb",
  "lb.example.com",
  "LB_1.example.com",
  "10.0.0.7",
  "fd00::7",
  "::1",
  "localhost",
  "7.example.com",
];

describe("a host that Hue cannot use", () => {
  test.each(WRONG)("%s", (text, why, remedy) => {
    const fault = hostFault(text);
    expect(fault?.why.en).toMatch(why);
    expect(fault?.remedy.en).toMatch(remedy);
    for (const words of [fault?.why.ja, fault?.remedy.ja]) expect(words).toMatch(/[ぁ-ん]/);
  });

  test.each(WRONG)("set-up refuses %s and says what to write", (text, _, remedy) => {
    const failure = thrownBy(() => readValue("serverHost", [text.replace(/\u00a0$/, " x")], "--server-host"));
    expect(failure).toMatchObject({ kind: "settings", code: "bad-value" });
    expect(failure.message).toContain("is not a host name or address");
    if (!text.endsWith("\u00a0")) expect(failure.hint).toMatch(remedy);
  });

  test.each(WRONG)(
    "the doctor finds %s in hue.ini, with its line, and connects nowhere",
    (text, _, remedy) => {
      const bytes = Buffer.from(`[impala]\nserver_port=21050\nserver_host="${text}"\n`);
      const effect = effectiveImpala([{ path: "hue.ini", bytes }]);
      const found = examineSettings(effect).find(({ check }) => check === "bad-host");
      expect(found?.message).toContain("hue.ini:3: server_host is");
      expect(found?.message).toMatch(remedy);
      expect(hueEndpoint(effect)).toBeUndefined();
    },
  );

  test("one that is empty", () => {
    const effect = effectiveImpala([{ path: "hue.ini", bytes: Buffer.from("[impala]\nserver_host=\n") }]);
    expect(effect.warnings.map(({ code }) => code)).toEqual(["bad-host"]);
  });
});

test.each(RIGHT)("%s is a host, everywhere", (text) => {
  expect(hostFault(text)).toBeUndefined();
  expect(readValue("serverHost", [text], "--server-host")).toBe(text);
  const bytes = Buffer.from(`[impala]\nserver_host=${text}\n`);
  expect(effectiveImpala([{ path: "hue.ini", bytes }]).warnings).toEqual([]);
});
