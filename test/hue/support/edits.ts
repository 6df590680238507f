import { expect } from "vitest";
import { type ConfigObjTree, parseConfigObj } from "../../../src/hue/configobj.ts";
import type { Edit } from "../../../src/hue/edit/apply-edits.ts";
import { editHueIni, type ImpalaSettings } from "../../../src/hue/edit.ts";

/**
 * Edits and asserts everything an edit must hold: edits in order and apart, bytes outside the edited lines untouched,
 * the old tree plus the keys, line endings of inserted lines as around them, and a second edit that changes nothing.
 * @returns the edited bytes
 */
export function checkEdits(bytes: Uint8Array, settings: ImpalaSettings, allowInvalidUtf8 = false): Buffer {
  const before = Buffer.from(bytes);
  const options = { allowInvalidUtf8 };
  const result = editHueIni(bytes, settings, options);
  const after = Buffer.from(result.bytes);
  expect(Buffer.from(bytes).equals(before), "the input is left alone").toBe(true);
  expect(result.changed).toBe(result.edits.length > 0);
  expectInOrder(result.edits, bytes.length);
  const encoding = allowInvalidUtf8 ? "latin1" : "utf-8";
  expect(applyToBytes(before, result.edits, encoding).equals(after), "the edits make the result").toBe(true);
  expectOldLinesKept(before, result.edits);
  expect(parseConfigObj(after, options)).toEqual(expectedTree(parseConfigObj(before, options), settings));
  const again = editHueIni(result.bytes, settings, options);
  expect(again.changed, "a second edit changes nothing").toBe(false);
  expect(again.bytes).toBe(result.bytes);
  return after;
}

/** The edits ascend, lie within the document and neither overlap nor touch. */
function expectInOrder(edits: readonly Edit[], size: number): void {
  let free = -1;
  for (const { offset, length } of edits) {
    expect(offset).toBeGreaterThan(free);
    expect(length).toBeGreaterThanOrEqual(0);
    free = offset + length;
    expect(free).toBeLessThanOrEqual(size);
  }
}

function applyToBytes(bytes: Buffer, edits: readonly Edit[], encoding: BufferEncoding): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { offset, length, content } of edits) {
    parts.push(bytes.subarray(at, offset), Buffer.from(content, encoding));
    at = offset + length;
  }
  return Buffer.concat([...parts, bytes.subarray(at)]);
}

/** What an edit takes away lies behind an `=` of one key; what it inserts without taking away is whole lines. */
function expectOldLinesKept(bytes: Buffer, edits: readonly Edit[]): void {
  for (const { offset, length, content } of edits) {
    const lineStart = bytes.lastIndexOf(0x0a, offset - 1) + 1;
    const prefix = bytes.subarray(offset === 0 ? 0 : lineStart, offset).toString("latin1");
    const atLineStart = offset === 0 || bytes[offset - 1] === 0x0a;
    if (length > 0 || !content.includes("\n")) {
      expect(prefix).toMatch(/server_(host|port|conn_timeout)['"]?\s*=\s*$/);
      expect(content).not.toMatch(/[\r\n]/);
    } else if (atLineStart || offset === 3) {
      expect(content.endsWith("\n") || offset === bytes.length).toBe(true);
    } else {
      expect(offset, "only at the very end may a line be extended by others").toBe(bytes.length);
      expect(content).toMatch(/^\r?\n/);
    }
  }
}

/** The old tree plus the keys in [impala]. */
export function expectedTree(tree: ConfigObjTree, settings: ImpalaSettings): ConfigObjTree {
  const impala: ConfigObjTree = Object.assign(Object.create(null), tree["impala"]);
  if (settings.serverHost !== undefined) impala["server_host"] = settings.serverHost;
  if (settings.serverPort !== undefined) impala["server_port"] = String(settings.serverPort);
  if (settings.serverConnTimeout !== undefined) {
    impala["server_conn_timeout"] = String(settings.serverConnTimeout);
  }
  return Object.assign(Object.create(null), tree, { impala });
}
