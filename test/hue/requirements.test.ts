import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ConfigObjError, parseConfigObj } from "../../src/hue/configobj.ts";
import { editHueIni, editValveText } from "../../src/hue/edit.ts";
import { effectiveImpala } from "../../src/hue/effective.ts";
import { cmManagedSigns } from "../../src/hue/folder/managed.ts";
import { readConfFolder } from "../../src/hue/folder/read-conf-folder.ts";
import { fixture, SAMPLES, type Sample, variants } from "./support/corpus.ts";
import { checkEdits } from "./support/edits.ts";

const ALL = { serverHost: "lb.example.com", serverPort: 10001, serverConnTimeout: 3600 };
const HOST = { serverHost: "lb" };

/** Lines of `after` that `before` lacks, and the other way round, in order. */
function changedLines(before: Buffer, after: Buffer): { added: string[]; removed: string[] } {
  const [old, now] = [before, after].map((bytes) => bytes.toString("latin1").split(/(?<=\n)/));
  const rest = [...(old ?? [])];
  const added = (now ?? []).filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return { added, removed: rest };
}

function edit(bytes: Buffer): Buffer {
  return checkEdits(bytes, ALL, bytes.includes(0xfc));
}

describe("every byte outside the edited lines stays (R1)", () => {
  test.each(SAMPLES.flatMap(variants))("$name", (sample: Sample) => {
    const { added, removed } = changedLines(sample.bytes, edit(sample.bytes));
    expect(added.length).toBeLessThanOrEqual(6);
    // What goes: lines of the keys, the rest of a multi-line value, and a last line that gains its newline.
    const last = sample.bytes.toString("latin1").split("\n").at(-1);
    for (const line of removed)
      if (line !== last) expect(line).toMatch(/server_(host|port|conn_timeout)|^0'''/);
  });

  test("a stock file gains three lines and loses none", () => {
    const before = fixture("indented.ini");
    const { added, removed } = changedLines(before, edit(before));
    expect(added).toEqual([
      "  server_host=lb.example.com\n",
      "  server_port=10001\n",
      "  server_conn_timeout=3600\n",
    ]);
    expect(removed).toEqual([]);
  });

  test("a file without the section gains five", () => {
    const before = fixture("no-impala.ini");
    const after = edit(before);
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
    expect(after.subarray(before.length).toString()).toBe(
      "\n[impala]\nserver_host=lb.example.com\nserver_port=10001\nserver_conn_timeout=3600\n",
    );
  });
});

describe("what ConfigObj refuses is refused before anything is edited, in its words (R2)", () => {
  test.each([
    ["[impala]\n[impala]\n", 2, "Duplicate section name at line 2."],
    [
      "k=1\n\nserver_host: lb\n",
      3,
      "Invalid line ('server_host: lb') (matched as neither section nor keyword) at line 3.",
    ],
    ["k='''\n", 1, "Parse error in multiline value at line 1."],
  ])("%j", (text, line, message) => {
    expect(() => editHueIni(Buffer.from(text), ALL)).toThrow(
      expect.objectContaining({ name: "ConfigObjError", line, message }),
    );
  });

  test("a lone CR and UTF-16 too", () => {
    expect(() => editHueIni(Buffer.from("a=1\rb=2\n"), ALL)).toThrow(ConfigObjError);
    expect(() => editHueIni(Buffer.from("\ufeff[impala]\n", "utf16le"), ALL)).toThrow(ConfigObjError);
  });

  test("not UTF-8: refused for Python 3, edited byte by byte if allowed", () => {
    const before = fixture("latin1.ini");
    expect(() => editHueIni(before, ALL)).toThrow(
      expect.objectContaining({ error: "UnicodeError", line: 1 }),
    );
    expect(checkEdits(before, ALL, true).toString("latin1")).toBe(
      "# Konfiguration f\xfcr Hue\n[impala]\n  server_conn_timeout=3600\n  # Rechner \xe4\n  ## server_host=localhost\n" +
        "  server_host=lb.example.com\n  server_port=10001 # gen\xfcgt\n",
    );
    const { edits } = editHueIni(before, { serverPort: 1 }, { allowInvalidUtf8: true });
    expect(edits).toEqual([{ offset: before.indexOf("21050"), length: 5, content: "1" }]);
  });
});

test("only the section [impala] itself, however its header is written (R3)", () => {
  const after = edit(fixture("traps.ini")).toString();
  expect(changedLines(fixture("traps.ini"), Buffer.from(after)).removed).toEqual([]);
  const lines = after.split("\n");
  const header = lines.findIndex((line) => line.includes('["impala"]'));
  expect(lines.slice(header)).toEqual([
    '  ["impala"]  # quoted [and] indented',
    "server_conn_timeout=3600",
    'a="""',
    "## server_port=text",
    '"""',
    "  #server_host = 1",
    "  server_host=lb.example.com",
    "  # server_host is the name of the host",
    "\t### server_port\t=2",
    "\tserver_port=10001",
    "[[server]]",
    "## server_conn_timeout=3",
    "",
  ]);
});

test("an active key keeps its line; an equal value writes nothing (R4)", () => {
  const before = fixture("active.ini");
  const after = edit(before);
  expect(changedLines(before, after).added).toEqual([
    "server_host = lb.example.com   # keep me\n",
    '"server_port"= 10001#keep me too\n',
    "server_conn_timeout=3600  # both lines\n",
  ]);
  expect(editHueIni(after, ALL).bytes).toBe(after);
});

test("commented defaults stay visible and show the place; prose does not (R5)", () => {
  const after = edit(fixture("two-defaults.ini")).toString();
  expect(after).toContain("   ## server_port=21000\n   ## server_port=21050\n   server_port=10001\n");
  expect(after).toContain("   ## server_host=localhost\n   server_host=lb.example.com\n");
  expect(after).toContain("[impala]\n   server_conn_timeout=3600\n");
});

test.each(["h1,h2", "lb#x", "'lb'", "%(x)s", " lb", "a\nb", "[::1]", ""])(
  "no value that Hue would read otherwise: %j (R6)",
  (host) => {
    expect(() => editHueIni(Buffer.from("[impala]\n"), { serverHost: host })).toThrow(
      expect.objectContaining({ kind: "settings", code: "bad-server-host" }),
    );
  },
);

test("what comes out means the old document plus the keys (checked before it is returned) (R7)", () => {
  for (const sample of SAMPLES) edit(sample.bytes);
});

test("editing twice is editing once (R8)", () => {
  for (const sample of SAMPLES.flatMap(variants)) {
    const once = edit(sample.bytes);
    expect(editHueIni(once, ALL, { allowInvalidUtf8: true })).toEqual({
      bytes: once,
      changed: false,
      edits: [],
    });
  }
});

test("what makes an edit moot: later files, strays, options, Cloudera Manager (R9)", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hue-r9-"));
  try {
    await writeFile(
      join(folder, "hue.ini"),
      "[desktop]\nenable_connectors=true\n[impala]\nserver_host=a,b\nuse_thrift_http=1\n",
    );
    await writeFile(join(folder, "hue.old.ini"), "[impala]\nserver_host=old\n");
    await writeFile(join(folder, "hue.ini.bak"), "[impala]\nserver_host=unread\n");
    const { settings, warnings } = effectiveImpala(await readConfFolder(folder));
    expect(settings.serverHost).toEqual({ value: "old", path: join(folder, "hue.old.ini"), line: 2 });
    expect(warnings.map(({ code }) => code)).toEqual([
      "stray-ini",
      "set-in-several-files",
      "enable-connectors",
      "server-port-ignored",
    ]);
    expect(
      await cmManagedSigns("/run/cloudera-scm-agent/process/1-hue-HUE_SERVER/hue.ini", folder),
    ).toHaveLength(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("nothing is restarted or written here: an edit is bytes and data (R16)", () => {
  const before = fixture("indented.ini");
  const copy = Buffer.from(before);
  const { bytes, edits } = editHueIni(before, ALL);
  expect(before.equals(copy)).toBe(true);
  expect(JSON.parse(JSON.stringify(edits))).toEqual(edits);
  expect(bytes).not.toBe(before);
});

test("the valve: same engine, endings kept, one section, no newline invented, linted as a whole (R17)", () => {
  expect(editValveText("[hbase]\r\n hbase_clusters=(C|h:9090)", HOST).text).toBe(
    "[hbase]\r\n hbase_clusters=(C|h:9090)\r\n\r\n[impala]\r\nserver_host=lb",
  );
  expect(() => editValveText("[impala]\n[[[x]]]\n", HOST)).toThrow("Section too nested at line 2.");
});

test("every sample parses as it is, with CRLF, with BOM, without final newline, to the same tree (R18)", () => {
  for (const sample of SAMPLES) {
    const trees = variants(sample).map(({ bytes }) => parseConfigObj(bytes, { allowInvalidUtf8: true }));
    for (const tree of trees) expect(tree).toEqual(trees[0]);
  }
});
