import { type DecodeOptions, decode } from "./configobj/decode.ts";
import { parseDocument } from "./configobj/document.ts";
import type { ConfigObjTree } from "./configobj/tree.ts";

export { ConfigObjError, type ConfigObjErrorName, type ConfigObjProblem } from "./configobj/error.ts";
export type { ConfigObjTree } from "./configobj/tree.ts";

/**
 * Reads a document exactly as Hue does, that is as Python's `ConfigObj(path)` (5.0) without options: nested records
 * without a prototype; values are strings, or lists of strings where commas stand outside quotes; nothing is
 * interpolated.
 *
 * Rules: ConfigObj's patterns for headers, keys and values, one by one; UTF-8 only; lines end at LF. Takes time linear
 * in the number of bytes, whatever they are.
 *
 * @param bytes the whole file, a byte order mark included
 * @throws ConfigObjError where ConfigObj refuses the document (and Hue does not start): the first mistake's class, its
 *   line
 *   (1-based) and ConfigObj's wording; `problems` has the others
 */
export function parseConfigObj(bytes: Uint8Array, options: DecodeOptions = {}): ConfigObjTree {
  return parseDocument(decode(bytes, options)).root.tree;
}
