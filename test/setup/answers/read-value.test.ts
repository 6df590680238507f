import { describe, expect, it } from "vitest";
import { choicesOf, type OptionRow } from "../../../src/setup/answers/option.ts";
import { OPTION_KEYS, OPTIONS } from "../../../src/setup/answers/options.ts";
import { readValue, writeValue } from "../../../src/setup/answers/read-value.ts";

describe("reading an option's text", () => {
  it.each([
    [
      "impalads",
      ["a:1,b", "[::1]:3"],
      [
        { host: "a", port: 1 },
        { host: "b", port: 21050 },
        { host: "::1", port: 3 },
      ],
    ],
    ["listen", ["0.0.0.0:10001"], { host: "0.0.0.0", port: 10001 }],
    ["allow", ["10.0.0.0/8, fd00::/8"], ["10.0.0.0/8", "fd00::/8"]],
    ["serverPort", ["65535"], 65535],
    ["restartHue", ["Yes"], true],
    ["restartHue", ["0"], false],
    ["balance", ["first"], "first"],
  ] as const)("%s %j", (key, texts, value) => {
    expect(readValue(key, texts, "--x")).toEqual(value);
  });

  it.each([
    ["serverPort", "0", "is not a port"],
    ["serverPort", "65536", "is not a port"],
    ["serverPort", "1e3", "is not a port"],
    ["serverConnTimeout", "-1", "is not a number of seconds"],
    ["serverConnTimeout", "99999999", "is not a number of seconds"],
    ["serverHost", "a,b", "is not a host name"],
    ["serverHost", "a:21050", "is not a host name"],
    ["serverHost", "-a", "is not a host name"],
    ["impalads", " , ", "is empty"],
    ["impalads", "a:b", "is not a port"],
    ["allow", "10.0.0.0/33", "is not a network"],
    ["listen", "10001", "the port is missing"],
    ["target", "hue.ini", "is none of"],
    ["restartHue", "perhaps", "is neither yes nor no"],
    ["hueIni", "", "is empty"],
  ] as const)("refuses %s %j", (key, text, message) => {
    expect(() => readValue(key, [text], "--x")).toThrow(message);
  });

  it("is the inverse of writing it, for every option", () => {
    const samples: Record<string, string> = {
      flag: "true",
      text: "some text",
      path: "/a b",
      host: "h.example.com",
      port: "1",
      seconds: "60",
      endpoint: "[::1]:5",
      network: "10.0.0.0/8",
    };
    for (const key of OPTION_KEYS) {
      const { type, repeatable }: OptionRow = OPTIONS[key];
      const sample = choicesOf(type)[0] ?? samples[type.kind] ?? "";
      const text = repeatable ? `${sample},${sample}` : sample;
      const value = readValue(key, [text], "x");
      expect(readValue(key, writeValue(key, value), "x"), key).toEqual(value);
    }
  });
});
