import { describe, expect, test } from "vitest";
import { ConfigObjError } from "../../../src/hue/configobj.ts";
import { editValveText } from "../../../src/hue/edit.ts";

const HOST = { serverHost: "lb" };

describe("editValveText", () => {
  test.each<[string, string, string]>([
    ["an empty valve gets the section and no final newline", "", "[impala]\nserver_host=lb"],
    ["no newline is invented", "[x]\nk=1", "[x]\nk=1\n\n[impala]\nserver_host=lb"],
    ["a newline stays", "[x]\nk=1\n", "[x]\nk=1\n\n[impala]\nserver_host=lb\n"],
    ["CRLF stays", "[hbase]\r\n a=1", "[hbase]\r\n a=1\r\n\r\n[impala]\r\nserver_host=lb"],
    ["mixed endings stay", "[impala]\r\n# c\na=1\r\n", "[impala]\r\nserver_host=lb\r\n# c\na=1\r\n"],
    [
      "the section is there already",
      "[impala]\nserver_host=old # c\n[x]\n",
      "[impala]\nserver_host=lb # c\n[x]\n",
    ],
    ["blanks only", "  \n", "  \n\n[impala]\nserver_host=lb\n"],
    ["Japanese comments", "# 負荷分散\n[impala]", "# 負荷分散\n[impala]\nserver_host=lb"],
    ["a byte order mark", "\ufeff[impala]\n", "\ufeff[impala]\nserver_host=lb\n"],
  ])("%s", (_name, before, after) => {
    const result = editValveText(before, HOST);
    expect(result.text).toBe(after);
    expect(result.changed).toBe(true);
    expect(editValveText(after, HOST)).toEqual({ text: after, changed: false, edits: [] });
  });

  test("offsets count UTF-16 code units", () => {
    const before = "# 😀\n[impala]\nserver_host=old\n";
    expect(editValveText(before, HOST).edits).toEqual([
      { offset: before.indexOf("old"), length: 3, content: "lb" },
    ]);
  });

  test.each([
    ["[[interpreters]]\n", "NestingError", 1, "Section too nested at line 1."],
    [
      "[x]\nk: v\n",
      "ParseError",
      2,
      "Invalid line ('k: v') (matched as neither section nor keyword) at line 2.",
    ],
    ["[x]\n[x]\n", "DuplicateError", 2, "Duplicate section name at line 2."],
    ["[x]\nk=1\nk=1\n", "DuplicateError", 3, "Duplicate keyword name at line 3."],
    ["[x]]\n", "NestingError", 1, "Cannot compute the section depth at line 1."],
    ["k='''\n", "ParseError", 1, "Parse error in multiline value at line 1."],
    ['[x]\n\nk={"a": 1, "b": 2}\n', "ParseError", 3, "Parse error in value at line 3."],
  ])("a valve that would stop Hue is refused in ConfigObj's words: %j", (text, error, line, message) => {
    const refusal = expect.objectContaining({ name: "ConfigObjError", error, line, message });
    expect(() => editValveText(text, HOST)).toThrow(refusal);
    expect(() => editValveText(text, {})).toThrow(ConfigObjError);
  });
});
