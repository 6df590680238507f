import { describe, expect, test } from "vitest";
import { parseConfigObj } from "../../../src/hue/configobj.ts";
import { interpolate } from "../../../src/hue/effective/interpolation.ts";
import { readAll } from "../support/read-all.ts";

function read(text: string, ...path: string[]): unknown {
  const [found] = readAll(Buffer.from(text)).filter(([at]) => at.join() === path.join());
  return found?.[2] ?? found?.[1];
}

describe("interpolate", () => {
  test.each<[string, string, unknown]>([
    ["the same section", "[s]\na=1\nk=x%(a)sy%(a)s\n", "x1y1"],
    ["the section's DEFAULT", "[s]\nk=%(a)s\n[[DEFAULT]]\na=1\n", "1"],
    ["the section above", "a=1\n[s]\nk=%(a)s\n", "1"],
    ["DEFAULT above", "[DEFAULT]\na=1\n[s]\nk=%(a)s\n", "1"],
    ["the nearest one wins", "a=0\n[DEFAULT]\na=1\n[s]\na=2\nk=%(a)s\n", "2"],
    ["a key wins over DEFAULT", "a=0\n[DEFAULT]\na=1\n[s]\nk=%(a)s\n", "0"],
    ["a section is no value", "[s]\nk=%(a)s\n[[a]]\n", "MissingInterpolationOption"],
    ["one leads to another", "[s]\na=%(b)s\nb=%(c)s\nc=1\nk=%(a)s\n", "1"],
    ["the name may be anything", "[s]\na b%=1\nk=%(a b%)s\n", "1"],
    ["an empty name", '[s]\n""=1\nk=%()s\n', "1"],
    ["items of a list", "[s]\na=1\nk=%(a)s, b, %(a)s2\n", ["1", "b", "12"]],
    ["nothing escapes", "[s]\na=1\nk=%%(a)s\n", "%1"],
    ["a lone percent sign", "[s]\nk=50% %%\n", "50% %%"],
    ["no closing bracket", "[s]\nk=%(a\n", "%(a"],
    ["no s behind it", "[s]\na=1\nk=%(a) %(a)d %(a)s\n", "%(a) %(a)d 1"],
    ["what comes out is not read again", "[s]\na=%(\nk=%(a)sa)s\n", "%(a)s"],
    ["missing", "[s]\nk=%(a)s\n", "MissingInterpolationOption"],
    ["missing behind another", "[s]\na=%(b)s\nk=%(a)s\n", "MissingInterpolationOption"],
    ["itself", "[s]\nk=%(k)s\n", "InterpolationLoopError"],
    ["in a circle", "[s]\na=%(b)s\nb=%(a)s\nk=%(a)s\n", "InterpolationLoopError"],
    ["the same name above is no circle", "k=1\n[s]\n[[t]]\nx=1\n", undefined],
    ["twice is no circle", "[s]\na=%(b)s%(b)s\nb=1\nk=%(a)s%(b)s\n", "111"],
    ["__proto__ is a name", "[s]\nk=%(__proto__)s\n", "MissingInterpolationOption"],
    ["constructor is a name", "[s]\nconstructor=1\nk=%(constructor)s\n", "1"],
  ])("%s", (_name, text, expected) => {
    expect(read(text, "s", "k")).toEqual(expected);
  });

  test("a list as text, which stops Hue too, and names that multiply", () => {
    const tree = parseConfigObj(Buffer.from("l=1,2\n"));
    expect(interpolate([tree], "k", "%(l)s")).toEqual({ fault: "no-text", name: "l" });
    const lines = Array.from({ length: 60 }, (_, at) => `k${at}=%(k${at + 1})s%(k${at + 1})s`);
    const bomb = parseConfigObj(Buffer.from(`${lines.join("\n")}\nk60=x\n`));
    expect(interpolate([bomb], "k", "%(k0)s")).toMatchObject({ fault: "too-long" });
    const empty = parseConfigObj(Buffer.from(`${lines.join("\n")}\nk60=\n`));
    expect(interpolate([empty], "k", "%(k0)s")).toEqual({ value: "" });
  });

  test("a chain of references as long as Python bears, and one that is longer", () => {
    const chain = (length: number) => {
      const lines = Array.from({ length }, (_, at) => `k${at}=%(k${at + 1})s\n`);
      return interpolate([parseConfigObj(Buffer.from(`${lines.join("")}k${length}=x\n`))], "k", "%(k0)s");
    };
    expect(chain(800)).toEqual({ value: "x" });
    expect(chain(10_000)).toEqual({ fault: "too-long", name: expect.any(String) });
  });

  test("the fault names what is missing", () => {
    expect(interpolate([parseConfigObj(Buffer.from("a=%(b)s"))], "k", "%(a)s")).toEqual({
      fault: "missing",
      name: "b",
    });
    expect(interpolate([parseConfigObj(Buffer.from("a=%(a)s"))], "k", "%(a)s")).toEqual({
      fault: "loop",
      name: "a",
    });
  });

  test("100,000 references that are none take no time", () => {
    const text = "%(".repeat(500_000);
    const started = process.cpuUsage();
    expect(interpolate([parseConfigObj(new Uint8Array())], "k", `${text})`)).toEqual({ value: `${text})` });
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(1);
  });
});
