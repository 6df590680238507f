import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { visible, visibleInLine, visibleJson, visibleLines } from "../../src/domain/words/visible.ts";

/** What a terminal acts on or does not show: written out, not taken from the code. */
const STEERS =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]/;

describe("text from outside on a terminal", () => {
  test.each([
    ["Cluster 1", "Cluster 1"],
    ["日本語クラスタ ü — “x” 😀", "日本語クラスタ ü — “x” 😀"],
    ["\u001b[31mred\u001b]0;title\u0007", "^[[31mred^[]0;title^G"],
    ["two\r\nlines\tand a tab", "two^M^Jlines^Iand a tab"],
    ["nul\u0000 del\u007f csi\u009b nel\u0085", "nul^@ del^? csi<U+009B> nel<U+0085>"],
    ["\u202efdp.\u2066x\u2069\u200e", "<U+202E>fdp.<U+2066>x<U+2069><U+200E>"],
    ["a\u200bb\u2060c\ufeffd\u00ade", "a<U+200B>b<U+2060>c<U+FEFF>d<U+00AD>e"],
    ["a\u2028b\u2029c", "a<U+2028>b<U+2029>c"],
    ["tag \u{e0041}, half \ud800.", "tag <U+E0041>, half <U+D800>."],
    ["fill\u3164er", "fill<U+3164>er"],
  ])("%j is shown as %j", (text, wanted) => {
    expect(visible(text)).toBe(wanted);
  });

  test("nothing that steers is left, and showing it again changes nothing", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const once = visible(text);
        expect(once).not.toMatch(STEERS);
        expect(Buffer.from(once).toString()).toBe(once);
        expect(visible(once)).toBe(once);
        expect(visibleLines(text).replaceAll(/[\n\t]|\r$/gm, "")).not.toMatch(STEERS);
      }),
    );
  });

  test("several lines: none but the first begins where one of ours does", () => {
    expect(visibleLines("a\nError: faked\n faked\n  ours\n\nb\tc\u001b")).toBe(
      "a\n  Error: faked\n   faked\n  ours\n\n  b\tc^[",
    );
    expect(visibleLines("a\n  b", 4)).toBe("a\n      b");
  });

  test("a line of a document keeps tabs and its end", () => {
    expect(visibleInLine("\tk=\u001bv\t#\u202e\r")).toBe("\tk=^[v\t#<U+202E>\r");
    expect(visibleInLine("a\rb\r\r")).toBe("a^Mb^M\r");
    expect(visibleInLine("plain")).toBe("plain");
  });

  test("JSON means the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, name) => {
        const document = { value, [name]: name };
        const json = visibleJson(`${JSON.stringify(document, null, 1)}\n`);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(document)));
        expect(json.replaceAll("\n", "")).not.toMatch(STEERS);
      }),
    );
  });
});
