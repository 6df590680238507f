import { expect } from "vitest";
import { Failure } from "../../../src/domain/failure.ts";
import { decode, encode } from "../../../src/hue/configobj/decode.ts";
import { ConfigObjError, type ConfigObjTree, parseConfigObj } from "../../../src/hue/configobj.ts";
import type { Assignment } from "../../../src/hue/edit/assignments.ts";
import { editSource } from "../../../src/hue/edit/edit-source.ts";

export const TLS: readonly Assignment[] = [{ section: ["impala", "ssl"], key: "enabled", value: "true" }];

/** A key of `[impala]` itself, one of its section, and one of a section in that. */
export const ALL_LEVELS: readonly Assignment[] = [
  { section: ["impala"], key: "server_host", value: "lb.example.com" },
  ...TLS,
  { section: ["impala", "ssl", "deep"], key: "k", value: "1" },
];

/**
 * Edits and asserts what an edit must hold: every old line is still there in its place, or differs in a value only; the
 * old tree plus the keys; a second edit that changes nothing.
 * @returns the edited text; undefined where ConfigObj refuses the document, or a name is a value and a section at once
 */
export function editNested(bytes: Uint8Array, wanted: readonly Assignment[]): Uint8Array | undefined {
  const source = decode(bytes);
  try {
    const { text, edits } = editSource(source, wanted, true);
    const after = encode(text, source.encoding);
    expect(parseConfigObj(after)).toEqual(withValues(parseConfigObj(bytes), wanted));
    for (const { length, content } of edits) expect(length === 0 || !/[\r\n]/.test(content)).toBe(true);
    expect(editSource(decode(after), wanted, true).edits).toEqual([]);
    return after;
  } catch (error) {
    if (error instanceof ConfigObjError) {
      expect(() => parseConfigObj(bytes)).toThrow(ConfigObjError);
      return undefined;
    }
    const clash =
      error instanceof Failure && ["impala-is-a-value", "setting-is-a-section"].includes(error.code);
    if (!clash) throw error;
    expect(clashes(parseConfigObj(bytes), wanted)).toBe(true);
    return undefined;
  }
}

function withValues(tree: ConfigObjTree, wanted: readonly Assignment[]): ConfigObjTree {
  const copy = structuredClone(tree);
  for (const { section, key, value } of wanted) {
    let at: ConfigObjTree = copy;
    for (const name of section) {
      at[name] ??= {};
      at = at[name] as ConfigObjTree;
    }
    at[key] = value;
  }
  return JSON.parse(JSON.stringify(copy));
}

/** True if a name on the way is a value, or a key is a section. */
function clashes(tree: ConfigObjTree, wanted: readonly Assignment[]): boolean {
  const isTree = (value: unknown): boolean => typeof value === "object" && !Array.isArray(value);
  return wanted.some(({ section, key }) => {
    let at: ConfigObjTree = tree;
    for (const name of section) {
      const next = at[name];
      if (next === undefined) return false;
      if (!isTree(next)) return true;
      at = next as ConfigObjTree;
    }
    return at[key] !== undefined && isTree(at[key]);
  });
}
