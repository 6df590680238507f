import { describe, expect, test } from "vitest";
import { byteLength, decode, decodedText, encode } from "../../src/hue/configobj/decode.ts";
import { ConfigObjError, MAX_PROBLEMS } from "../../src/hue/configobj/error.ts";
import { findLoneCr, Lines } from "../../src/hue/configobj/lines.ts";
import { pythonRepr, reprForPeople } from "../../src/hue/configobj/python-repr.ts";
import { parseConfigObj } from "../../src/hue/configobj.ts";
import { mentionsSecret } from "../../src/hue/secrets.ts";

function complaint(...values: number[]): string {
  try {
    decode(new Uint8Array(values));
  } catch (error) {
    if (error instanceof ConfigObjError) return `${error.line}: ${error.message}`;
    throw error;
  }
  return "none";
}

const codec = "'utf-8' codec can't decode";

describe("decode", () => {
  test.each<[number[], string]>([
    [[0x80], `1: ${codec} byte 0x80 in position 0: invalid start byte`],
    [[0x0a, 0x61, 0xff], `2: ${codec} byte 0xff in position 1: invalid start byte`],
    [[0xef, 0xbb, 0xbf, 0x61, 0xff], `1: ${codec} byte 0xff in position 1: invalid start byte`],
    [[0xc1, 0x81], `1: ${codec} byte 0xc1 in position 0: invalid start byte`],
    [[0xf5, 0x80], `1: ${codec} byte 0xf5 in position 0: invalid start byte`],
    [[0xc3], `1: ${codec} byte 0xc3 in position 0: unexpected end of data`],
    [[0xc3, 0x41], `1: ${codec} byte 0xc3 in position 0: invalid continuation byte`],
    [[0xc3, 0xc0], `1: ${codec} byte 0xc3 in position 0: invalid continuation byte`],
    [[0xe2, 0x82], `1: ${codec} bytes in position 0-1: unexpected end of data`],
    [[0xe2, 0x82, 0x0a], `1: ${codec} bytes in position 0-1: invalid continuation byte`],
    [[0xe0, 0x9f, 0x80], `1: ${codec} byte 0xe0 in position 0: invalid continuation byte`],
    [[0xed, 0xa0, 0x80], `1: ${codec} byte 0xed in position 0: invalid continuation byte`],
    [[0xf0, 0x8f, 0x80, 0x80], `1: ${codec} byte 0xf0 in position 0: invalid continuation byte`],
    [[0xf4, 0x90, 0x80, 0x80], `1: ${codec} byte 0xf4 in position 0: invalid continuation byte`],
    [[0xf0, 0x90, 0x80, 0x41], `1: ${codec} bytes in position 0-2: invalid continuation byte`],
    [[0x0a, 0x0a, 0x09, 0x05, 0xf0, 0x90], `3: ${codec} bytes in position 2-3: unexpected end of data`],
    [[0xff, 0xfe], "1: UTF-16 text: ConfigObj splits it in the middle of characters and cannot read it"],
    [[0xfe, 0xff], "1: UTF-16 text: ConfigObj splits it in the middle of characters and cannot read it"],
    [[0xff, 0xff], `1: ${codec} byte 0xff in position 0: invalid start byte`],
    [[0xfe, 0xfe], `1: ${codec} byte 0xfe in position 0: invalid start byte`],
    [[0x41, 0xfe], `1: ${codec} byte 0xfe in position 1: invalid start byte`],
    [[0x41, 0xff], `1: ${codec} byte 0xff in position 1: invalid start byte`],
    [[], "none"],
    [[0xc2, 0x80, 0xdf, 0xbf], "none"],
    [[0xe0, 0xa0, 0x80, 0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80, 0xef, 0xbf, 0xbf], "none"],
    [[0xf0, 0x90, 0x80, 0x80, 0xf3, 0xbf, 0xbf, 0xbf, 0xf4, 0x8f, 0xbf, 0xbf], "none"],
    [[0x7f, 0x00], "none"],
  ])("%j: Python's verdict and wording", (values, expected) => {
    expect(complaint(...values)).toBe(expected);
  });

  test("text and back, byte for byte, in both encodings", () => {
    const utf8 = Buffer.from("\ufeff[é😀]\r\n");
    const decoded = decode(utf8);
    expect(decoded).toMatchObject({ bodyStart: 1, encoding: "utf-8" });
    expect(Buffer.from(encode(decoded.text, decoded.encoding)).equals(utf8)).toBe(true);
    expect(byteLength("é😀", "utf-8")).toBe(6);
    expect(byteLength("é", "bytes")).toBe(1);
    const all = Uint8Array.from({ length: 256 }, (_, at) => at);
    const raw = decode(all, { allowInvalidUtf8: true });
    expect(raw).toMatchObject({ bodyStart: 0, encoding: "bytes" });
    expect(encode(raw.text, "bytes")).toEqual(all);
    expect(decode(new Uint8Array([0xef, 0xbb, 0xbf, 0xff]), { allowInvalidUtf8: true }).bodyStart).toBe(3);
    expect(decode(new Uint8Array([0xef, 0xbb]), { allowInvalidUtf8: true }).bodyStart).toBe(0);
    expect(decode(new Uint8Array([0x41]), { allowInvalidUtf8: true }).encoding).toBe("utf-8");
  });

  test("part of a larger buffer", () => {
    const view = new Uint8Array([0x41, 0xff, 0x42, 0x43]).subarray(1, 2);
    expect(decode(view, { allowInvalidUtf8: true }).text).toBe("\u00ff");
  });

  test("text from elsewhere", () => {
    expect(decodedText("a")).toMatchObject({ text: "a", bodyStart: 0, encoding: "utf-8" });
    expect(decodedText("\ufeffa").bodyStart).toBe(1);
  });

  test("blanks: Python 2 knows six", () => {
    const python2 = decode(new Uint8Array([0xff]), { allowInvalidUtf8: true }).isSpace;
    const python3 = decode(new Uint8Array()).isSpace;
    const all = Array.from({ length: 0x10000 }, (_, code) => code);
    expect(all.filter(python2)).toEqual([9, 10, 11, 12, 13, 32]);
    expect(all.filter(python3)).toEqual([
      ...[9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xa0, 0x1680],
      ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a],
      ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
    ]);
  });
});

describe("lines", () => {
  test("offsets and endings", () => {
    const lines = new Lines("xa\r\n\n b\r\r\nc", 1);
    const all = Array.from({ length: lines.count }, (_, at) => [
      lines.start(at),
      lines.end(at),
      lines.next(at),
    ]);
    expect(all).toEqual([
      [1, 2, 4],
      [4, 4, 5],
      [5, 7, 10],
      [10, 11, 11],
    ]);
    expect([0, 1, 2, 3].map((at) => lines.text(at))).toEqual(["a", "", " b", "c"]);
    expect([0, 1, 2, 3].map((at) => lines.ending(at))).toEqual(["\r\n", "\n", "\r\r\n", ""]);
    expect(() => lines.start(4)).toThrow(RangeError);
    expect(() => lines.start(-1)).toThrow(RangeError);
    expect(new Lines("", 0).count).toBe(0);
    expect(new Lines("a\n", 0).count).toBe(1);
  });

  test.each([
    ["", -1],
    ["a\r\nb", -1],
    ["a\r\r\nb", -1],
    ["a\rb", 1],
    ["a\r\n\rb", 3],
    ["a\r\n\r", 3],
    ["\r\r", 0],
  ])("a CR that ends no line in %j", (text, at) => {
    expect(findLoneCr(text)).toBe(at);
  });
});

describe("what a message quotes", () => {
  test.each([
    ["it", "'it'"],
    ["it's", `"it's"`],
    [`"it's"`, `'"it\\'s"'`],
    ['"', `'"'`],
    ["a\tb\nc\rd\\", "'a\\tb\\nc\\rd\\\\'"],
    ["\u0007\u007f\u0085\u00a0\u00ad", "'\\x07\\x7f\\x85\\xa0\\xad'"],
    ["é 漢😀", "'é 漢😀'"],
    ["\u2028\u200b\ufeff\u3000", "'\\u2028\\u200b\\ufeff\\u3000'"],
    ["\u{e0001}", "'\\U000e0001'"],
    ["\ud800", "'\\ud800'"],
  ])("%j as Python's repr()", (text, expected) => {
    expect(pythonRepr(text)).toBe(expected);
  });

  test("long lines are cut, secrets are not shown", () => {
    expect(reprForPeople("x".repeat(200))).toBe(`'${"x".repeat(200)}'`);
    expect(reprForPeople("x".repeat(201))).toBe(`'${"x".repeat(200)}'...`);
    expect(reprForPeople("password hunter2")).toBe("'***'");
    expect(() => parseConfigObj(Buffer.from("bind_password: hunter2"))).toThrow(
      "Invalid line ('***') (matched as neither section nor keyword) at line 1.",
    );
  });

  test.each([
    "bind_password=x",
    "## Auth_Password=",
    "passwd x",
    "passphrase",
    "secret_key=",
    "TOKEN",
    "credentials",
  ])("%s may be a secret", (line) => expect(mentionsSecret(line)).toBe(true));
  test.each(["url=postgres://u:p@h/db", "a://b://:@"])("%s may hold one", (line) => {
    expect(mentionsSecret(line)).toBe(true);
  });
  test.each(["server_host=lb", "url=http://h:80/", "x@y: z", "a:b@c", "http://u@h/", "url=http://u@h:80/"])(
    "%s holds none",
    (line) => {
      expect(mentionsSecret(line)).toBe(false);
    },
  );

  test("problems are all counted, and the first hundred kept", () => {
    try {
      parseConfigObj(Buffer.from("x\n".repeat(250)));
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof ConfigObjError)) throw error;
      expect(error.count).toBe(250);
      expect(error.problems).toHaveLength(MAX_PROBLEMS);
      expect(error).toMatchObject({ name: "ConfigObjError", error: "ParseError", line: 1 });
      expect(error.problems.at(-1)).toEqual({
        error: "ParseError",
        line: 100,
        message: "Invalid line ('x') (matched as neither section nor keyword) at line 100.",
      });
    }
  });

  test("one problem by itself", () => {
    const only = new ConfigObjError({ error: "ParseError", line: 3, message: "m" });
    expect(only).toMatchObject({ message: "m", count: 1, problems: [{ line: 3 }] });
  });
});
