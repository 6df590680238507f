import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConfigObjError, parseConfigObj } from "../../../src/hue/configobj.ts";
import { applyEdits } from "../../../src/hue/edit/apply-edits.ts";
import { editConfFile, editHueIni, type ImpalaSettings } from "../../../src/hue/edit.ts";
import { effectiveImpala } from "../../../src/hue/effective.ts";
import { checkEdits } from "../support/edits.ts";
import { DOCUMENTS } from "../support/fuzz.ts";
import { editableDocument } from "../support/generate.ts";

const ALL = { serverHost: "lb", serverPort: 10001, serverConnTimeout: 3600 };
const HOST = { serverHost: "lb" };

function edited(before: string, settings: ImpalaSettings = ALL): string {
  return checkEdits(Buffer.from(before, "utf-8"), settings).toString("utf-8");
}

describe("where a key goes", () => {
  test.each<[string, string, string, ImpalaSettings]>([
    [
      "behind its commented default, with that line's indent",
      "[impala]\n  # Host\n  ## server_host=localhost\n\n\t## server_port=21050\n  x=1\n",
      "[impala]\n  # Host\n  ## server_host=localhost\n  server_host=lb\n\n\t## server_port=21050\n\tserver_port=10001\n  x=1\n",
      { serverHost: "lb", serverPort: 10001 },
    ],
    [
      "behind the last of several defaults",
      "[impala]\n## server_port=21000\n## server_port=21050\n# end\n",
      "[impala]\n## server_port=21000\n## server_port=21050\nserver_port=10001\n# end\n",
      { serverPort: 10001 },
    ],
    [
      "not behind prose that names the key",
      "[impala]\n# server_host is the host\n# the server_host=x\n## server_hosts=a\n## my_server_host=b\n",
      "[impala]\nserver_host=lb\n# server_host is the host\n# the server_host=x\n## server_hosts=a\n## my_server_host=b\n",
      HOST,
    ],
    [
      "behind a default with blanks about, one mark or many",
      "[impala]\n \t####\t server_host \t= x\n",
      "[impala]\n \t####\t server_host \t= x\n \tserver_host=lb\n",
      HOST,
    ],
    [
      "behind the header, indented as the first key",
      "[impala]\n\n# c\n   a=1\n",
      "[impala]\n   server_host=lb\n\n# c\n   a=1\n",
      HOST,
    ],
    [
      "behind the header, indented as the first comment",
      "[impala]\n\n \t# c\n",
      "[impala]\n \tserver_host=lb\n\n \t# c\n",
      HOST,
    ],
    [
      "behind the header, indented as it is",
      "  [impala]\n[x]\n",
      "  [impala]\n  server_host=lb\n[x]\n",
      HOST,
    ],
    [
      "all three behind the header in Hue's order",
      "[impala]\n[x]\n",
      "[impala]\nserver_host=lb\nserver_port=10001\nserver_conn_timeout=3600\n[x]\n",
      ALL,
    ],
    [
      "before a sub-section",
      "[impala]\n  [[ssl]]\n  k=1\n",
      "[impala]\nserver_host=lb\n  [[ssl]]\n  k=1\n",
      HOST,
    ],
    [
      "not behind a default in a sub-section",
      "[impala]\n[[ssl]]\n## server_host=a\n",
      "[impala]\nserver_host=lb\n[[ssl]]\n## server_host=a\n",
      HOST,
    ],
    [
      "not behind a default in another section",
      "[beeswax]\n## server_host=a\n[impala]\n[x]\n## server_host=b\n",
      "[beeswax]\n## server_host=a\n[impala]\nserver_host=lb\n[x]\n## server_host=b\n",
      HOST,
    ],
    [
      "not into a multi-line value",
      "[impala]\nk='''\n## server_host=a\n'''\nz=1\n## server_host=b\n",
      "[impala]\nk='''\n## server_host=a\n'''\nz=1\n## server_host=b\nserver_host=lb\n",
      HOST,
    ],
    [
      "not into the second of two multi-line values",
      "[impala]\na=1\nk='''\n## server_host=a\n'''\nl='''\n## server_host=b\n'''\n",
      "[impala]\nserver_host=lb\na=1\nk='''\n## server_host=a\n'''\nl='''\n## server_host=b\n'''\n",
      HOST,
    ],
    [
      "behind the header if only a multi-line value holds a default",
      "[impala]\nk='''\n## server_host=a\n'''\n",
      "[impala]\nserver_host=lb\nk='''\n## server_host=a\n'''\n",
      HOST,
    ],
    ["not into x.impala", "[x]\n[[impala]]\n", "[x]\n[[impala]]\n\n[impala]\nserver_host=lb\n", HOST],
    ["not into [Impala]", "[Impala]\n", "[Impala]\n\n[impala]\nserver_host=lb\n", HOST],
    [
      "into a quoted and commented header",
      '  ["impala"] # c\n',
      '  ["impala"] # c\n  server_host=lb\n',
      HOST,
    ],
    ["into a header with blanks", "[ impala ]\n", "[ impala ]\nserver_host=lb\n", HOST],
    [
      "a no-break space is not copied as indent",
      "[impala]\n\u00a0## server_host=a\n",
      "[impala]\n\u00a0## server_host=a\nserver_host=lb\n",
      HOST,
    ],
    [
      "a new section below a blank line",
      "a=1\n",
      "a=1\n\n[impala]\nserver_host=lb\nserver_port=10001\nserver_conn_timeout=3600\n",
      ALL,
    ],
    ["a new section in an empty file", "", "[impala]\nserver_host=lb\n", HOST],
    ["a new section behind a mere byte order mark", "\ufeff", "\ufeff[impala]\nserver_host=lb\n", HOST],
  ])("%s", (_name, before, after, settings) => {
    expect(edited(before, settings)).toBe(after);
  });
});

describe("an active key", () => {
  test.each<[string, string, string]>([
    [
      "keeps spelling, blanks and comment",
      '[impala]\n  "server_host"  =  old  # keep\n',
      '[impala]\n  "server_host"  =  lb  # keep\n',
    ],
    ["keeps a comment without blank", "[impala]\nserver_host=old#c\n", "[impala]\nserver_host=lb#c\n"],
    ["keeps trailing blanks", "[impala]\nserver_host=old \t\n", "[impala]\nserver_host=lb \t\n"],
    ["loses its quotes", "[impala]\nserver_host='old' # c\n", "[impala]\nserver_host=lb # c\n"],
    ["loses its list", '[impala]\nserver_host="a,b", c , # d\n', "[impala]\nserver_host=lb # d\n"],
    ["loses its empty list", "[impala]\nserver_host= , # d\n", "[impala]\nserver_host= lb # d\n"],
    ["gets a value where there was none", "[impala]\nserver_host=\n", "[impala]\nserver_host=lb\n"],
    ["gets a value before its comment", "[impala]\nserver_host= # c\n", "[impala]\nserver_host= lb # c\n"],
    ["gets a value right before a comment", "[impala]\nserver_host=#c\n", "[impala]\nserver_host=lb #c\n"],
    [
      "loses its lines",
      "[impala]\nserver_host='''a\nb\nc''' # d\nz=1\n",
      "[impala]\nserver_host=lb # d\nz=1\n",
    ],
    ["loses its triple quotes", '[impala]\nserver_host="""a"""\n', "[impala]\nserver_host=lb\n"],
    ["at the end of the file", "[impala]\nserver_host=old", "[impala]\nserver_host=lb"],
    [
      "is preferred to a commented default",
      "[impala]\nserver_host=old\n## server_host=x\n",
      "[impala]\nserver_host=lb\n## server_host=x\n",
    ],
    [
      "only in [impala]",
      "[x]\nserver_host=a\n[impala]\nserver_host=b\n[[s]]\nserver_host=c\n",
      "[x]\nserver_host=a\n[impala]\nserver_host=lb\n[[s]]\nserver_host=c\n",
    ],
  ])("%s", (_name, before, after) => {
    expect(edited(before, HOST)).toBe(after);
  });

  test.each(["server_host=lb", "server_host = 'lb' # c", "server_host='''lb'''", '"server_host"="lb"'])(
    "%s is right already: the very same bytes come back",
    (line) => {
      const bytes = Buffer.from(`[impala]\n${line}\n`);
      const result = editHueIni(bytes, HOST);
      expect(result).toEqual({ bytes, changed: false, edits: [] });
      expect(result.bytes).toBe(bytes);
    },
  );

  test("a list of one is not the same as its item", () => {
    expect(edited("[impala]\nserver_host=lb,\n", HOST)).toBe("[impala]\nserver_host=lb\n");
  });
});

describe("line endings", () => {
  test("CRLF stays CRLF", () => {
    expect(edited("[impala]\r\n## server_host=x\r\nz=1\r\n", HOST)).toBe(
      "[impala]\r\n## server_host=x\r\nserver_host=lb\r\nz=1\r\n",
    );
  });
  test("mixed endings: a new line ends as the one above it", () => {
    expect(edited("[impala]\n## server_host=x\r\n## server_port=1\nz=1\r\n")).toBe(
      "[impala]\nserver_conn_timeout=3600\n## server_host=x\r\nserver_host=lb\r\n## server_port=1\nserver_port=10001\nz=1\r\n",
    );
  });
  test("several CRs before an LF stay", () => {
    expect(edited("[impala]\r\r\nserver_host=x\r\r\n", HOST)).toBe("[impala]\r\r\nserver_host=lb\r\r\n");
  });
  test("no final newline is invented", () => {
    expect(edited("[impala]", HOST)).toBe("[impala]\nserver_host=lb");
    expect(edited("x=1\r\n[impala]", HOST)).toBe("x=1\r\n[impala]\r\nserver_host=lb");
    expect(edited("[impala]\n## server_host=x", HOST)).toBe("[impala]\n## server_host=x\nserver_host=lb");
    expect(edited("[x]", HOST)).toBe("[x]\n\n[impala]\nserver_host=lb");
    expect(edited("a=1\r\n[x]", HOST)).toBe("a=1\r\n[x]\r\n\r\n[impala]\r\nserver_host=lb");
  });
  test("a new section ends as the file does", () => {
    expect(edited("[x]\r\n", HOST)).toBe("[x]\r\n\r\n[impala]\r\nserver_host=lb\r\n");
  });
});

describe("the edits", () => {
  test("are data: offsets in bytes of the original, in order", () => {
    const before = "\ufeff# café\n[impala]\nserver_port = 1 # é\n## server_host=x\n";
    const { edits } = editHueIni(Buffer.from(before), ALL);
    const at = (text: string) => Buffer.byteLength(before.slice(0, before.indexOf(text)));
    expect(edits).toEqual([
      { offset: at("server_port"), length: 0, content: "server_conn_timeout=3600\n" },
      { offset: at("1 # é"), length: 1, content: "10001" },
      { offset: Buffer.byteLength(before), length: 0, content: "server_host=lb\n" },
    ]);
  });

  test("nothing to set: nothing changes, and the document is checked all the same", () => {
    const bytes = Buffer.from("[x]\n");
    expect(editHueIni(bytes, {})).toEqual({ bytes, changed: false, edits: [] });
    expect(editHueIni(Buffer.from("[impala]\n"), {}).changed).toBe(false);
    expect(() => editHueIni(Buffer.from("[x\n"), {})).toThrow(ConfigObjError);
  });

  test("a view into a larger buffer is read by itself", () => {
    const whole = Buffer.from("garbage[impala]\nserver_host=old\nmore [");
    const view = new Uint8Array(whole.buffer, whole.byteOffset + 7, 25);
    expect(Buffer.from(editHueIni(view, HOST).bytes).toString()).toBe("[impala]\nserver_host=lb\n");
  });

  test.each<[string, { offset: number; length: number; content: string }[]]>([
    [
      "overlap",
      [
        { offset: 0, length: 2, content: "" },
        { offset: 1, length: 1, content: "" },
      ],
    ],
    [
      "come in the wrong order",
      [
        { offset: 2, length: 0, content: "" },
        { offset: 1, length: 0, content: "" },
      ],
    ],
    ["reach beyond the text", [{ offset: 2, length: 2, content: "" }]],
    ["take a negative length", [{ offset: 2, length: -1, content: "" }]],
  ])("are refused if they %s", (_name, edits) => {
    expect(() => applyEdits("abc", edits)).toThrow(RangeError);
  });

  test("apply from left to right", () => {
    const edits = [
      { offset: 0, length: 0, content: "x" },
      { offset: 1, length: 1, content: "" },
      { offset: 3, length: 0, content: "y" },
    ];
    expect(applyEdits("abc", edits)).toBe("xacy");
  });
});

describe("refusals before anything is edited", () => {
  test("impala is a value", () => {
    expect(() => editHueIni(Buffer.from("a=1\nimpala=yes\n"), HOST)).toThrow(
      expect.objectContaining({
        kind: "unparsable",
        code: "impala-is-a-value",
        message: expect.stringContaining("line 2 "),
      }),
    );
    expect(editHueIni(Buffer.from("impala=yes\n"), {}).changed).toBe(false);
    expect(edited("[x]\nimpala=1\n", HOST)).toContain("[impala]\nserver_host=lb\n");
  });

  test("a key is a section", () => {
    expect(() => editHueIni(Buffer.from("[impala]\n\n[[server_host]]\n"), HOST)).toThrow(
      expect.objectContaining({
        kind: "unparsable",
        code: "setting-is-a-section",
        message: expect.stringContaining("line 3 "),
      }),
    );
    expect(edited("[impala]\n[[server_host]]\n", { serverPort: 1 })).toContain(
      "server_port=1\n[[server_host]]",
    );
    expect(edited("[impala]\n[[a]]\n[[[server_host]]]\n", HOST)).toContain("[impala]\nserver_host=lb\n[[a]]");
  });

  test.each([
    ["a=1\nb\rc=2\n", 2],
    ["# a\r# b\n", 1],
    ["a=1\n\nb=2\r", 3],
    ["\r", 1],
  ])("a lone CR, which releases of Hue read differently: %j", (text, line) => {
    expect(() => editHueIni(Buffer.from(text), HOST)).toThrow(
      expect.objectContaining({
        name: "ConfigObjError",
        error: "LineEndingError",
        line,
        message: expect.stringContaining(`line ${line}:`),
      }),
    );
  });
});

test("any document: the tree gains the keys, nothing else changes, a second edit changes nothing", () => {
  let parsed = 0;
  fc.assert(
    fc.property(editableDocument, (text) => {
      const bytes = Buffer.from(text, "utf-8");
      try {
        parseConfigObj(bytes);
      } catch {
        expect(() => editHueIni(bytes, ALL)).toThrow(ConfigObjError);
        return;
      }
      parsed++;
      checkEdits(bytes, ALL);
    }),
    { numRuns: DOCUMENTS / 10 },
  );
  expect(parsed, "documents worth editing").toBeGreaterThan(DOCUMENTS / 40);
});

test("the edited bytes need not be parsed again: what they mean comes with them", () => {
  for (const text of ["[impala]\n## server_host=a\n", "", "\ufeff[impala]\r\nserver_host=lb\r\n"]) {
    const { bytes, document } = editConfFile(Buffer.from(text), ALL);
    expect(document?.root.tree).toEqual(parseConfigObj(bytes));
    expect(effectiveImpala([{ path: "a", bytes: new Uint8Array(), ...(document && { document }) }])).toEqual(
      effectiveImpala([{ path: "a", bytes }]),
    );
  }
  const latin1 = Buffer.from("# \xe9\n[impala]\n", "latin1");
  expect(editConfFile(latin1, ALL, { allowInvalidUtf8: true }).document).toBeUndefined();
});
