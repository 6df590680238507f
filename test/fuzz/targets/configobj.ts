import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { Failure } from "../../../src/domain/failure.ts";
import { decode, decodedText, encode } from "../../../src/hue/configobj/decode.ts";
import { ConfigObjError, parseConfigObj } from "../../../src/hue/configobj.ts";
import type { Assignment } from "../../../src/hue/edit/assignments.ts";
import { editSource } from "../../../src/hue/edit/edit-source.ts";
import { effectiveImpala } from "../../../src/hue/effective.ts";
import { secretLines } from "../../../src/hue/secrets.ts";
import type { Target } from "../target.ts";

const SAMPLES = new URL("../../../fixtures/hue-ini/", import.meta.url);

/** A key of `[impala]`, one of its section, and one of a section in that. */
const WANTED: readonly Assignment[] = [
  { section: ["impala"], key: "server_host", value: "lb.example.com" },
  { section: ["impala", "ssl"], key: "enabled", value: "true" },
  { section: ["impala", "ssl", "deep"], key: "k", value: "1" },
];

/** What an edit may refuse; that the edited text means something else is a mistake of ours. */
const CLASHES = ["impala-is-a-value", "setting-is-a-section"];

/** The outcome of reading, or why Hue would refuse it. */
function reading(bytes: Uint8Array, allowInvalidUtf8: boolean): string {
  try {
    return `read ${Math.min(9, Object.keys(parseConfigObj(bytes, { allowInvalidUtf8 })).length)}`;
  } catch (error) {
    if (!(error instanceof ConfigObjError)) throw error;
    assert(error.line >= 1 && error.count >= error.problems.length);
    return `${error.error} ${error.message.replaceAll(/[0-9]+|'.*'|".*"/g, "")}`;
  }
}

/** Edits a document twice: what was there is still there, and the second time nothing is left to do. */
function editing(bytes: Uint8Array, isFile: boolean): string {
  try {
    const source = isFile
      ? decode(bytes, { allowInvalidUtf8: true })
      : decodedText(Buffer.from(bytes).toString());
    const { text, edits } = editSource(source, WANTED, isFile);
    const kept = edits.reduceRight((old, { offset, content, length }, index) => {
      const shift = edits.slice(0, index).reduce((sum, one) => sum + one.content.length - one.length, 0);
      const at = offset + shift;
      assert.equal(old.slice(at, at + content.length), content);
      return old.slice(0, at) + source.text.slice(offset, offset + length) + old.slice(at + content.length);
    }, text);
    assert.equal(kept, source.text);
    assert.deepEqual(editSource({ ...source, text }, WANTED, isFile).edits, []);
    return `${edits.length} edits`;
  } catch (error) {
    if (error instanceof ConfigObjError) return error.error;
    if (error instanceof Failure && CLASHES.includes(error.code)) return error.code;
    throw error;
  }
}

/** To text and back; UTF-16 is refused. */
function roundTrip(bytes: Buffer): Buffer {
  try {
    const source = decode(bytes, { allowInvalidUtf8: true });
    return Buffer.from(encode(source.text, source.encoding));
  } catch (error) {
    if (error instanceof ConfigObjError) return Buffer.from(bytes);
    throw error;
  }
}

/** hue.ini and safety valves: read as ConfigObj reads them, merged, judged and edited, whatever the bytes are. */
export const configobj: Target = {
  name: "configobj",
  seeds: () => [
    ...readdirSync(SAMPLES).map((name) => readFileSync(new URL(name, SAMPLES))),
    Buffer.from("[impala]\n# [[ssl]]\n## enabled=false\n\n####\n[x]\na='''\n[impala]\n'''\n"),
    Buffer.from(
      '\ufeff[impala]\r\n"server_host" = a, "b" # c\r\n  [[ssl]]\r\n[[[deep]]]\r\nk=%(server_host)s',
    ),
  ],
  words: [
    ...[
      "[impala]\n",
      "[[ssl]]\n",
      "[[[deep]]]\n",
      "# [[ssl]]\n",
      "## enabled=1\n",
      "server_host=",
      "enabled=",
    ],
    ...["'''", '"""', "=", ",", "#", "%(", ")s", "\n", "\r", "\r\n", "\ufeff", "\u00a0", "\u0085", "ssl=1\n"],
    ...["[desktop]\nenable_connectors=1\n", "use_thrift_http=yea\n", "__proto__", "[DEFAULT]\n"],
  ],
  run: (bytes, random) => {
    const before = Buffer.from(bytes);
    const outcome = [
      reading(bytes, false),
      reading(bytes, true),
      editing(bytes, true),
      editing(bytes, false),
    ];
    const [first, second] = [bytes.subarray(0, random.int(bytes.length + 1)), bytes];
    const effect = effectiveImpala([
      { path: "a.ini", bytes: first },
      { path: "b.ini", bytes: second },
    ]);
    for (const { line } of Object.values(effect.settings)) assert(line >= 1);
    secretLines(bytes.toString("latin1"));
    assert.deepEqual(roundTrip(bytes), before);
    assert.deepEqual(bytes, before);
    return [...outcome, ...effect.warnings.map(({ code }) => code), effect.transport].join(" ").slice(0, 200);
  },
};
