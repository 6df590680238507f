import {
  byteLength,
  type Decoded,
  type DecodeOptions,
  decode,
  decodedText,
  encode,
} from "./configobj/decode.ts";
import { type ConfigObjDocument, parseDocument } from "./configobj/document.ts";
import { ConfigObjError } from "./configobj/error.ts";
import { findLoneCr } from "./configobj/lines.ts";
import { applyEdits, type Edit } from "./edit/apply-edits.ts";
import { planEdits } from "./edit/plan-edits.ts";
import { checkOnlyChanged } from "./edit/self-check.ts";
import { assignments, type ImpalaSettings } from "./settings.ts";

export type { Edit } from "./edit/apply-edits.ts";
export type { ImpalaSettings } from "./settings.ts";

/**
 * Sets server_host, server_port and server_conn_timeout in the `[impala]` section of a hue.ini.
 *
 * Every byte outside the edited lines stays: line endings, byte order mark, indentation, trailing blanks, comments, a missing
 * final newline. An active key keeps its spelling, spacing and comment, and a value that is right already is not touched.
 * The result is parsed again and must mean the old document plus these keys. Editing twice changes nothing.
 *
 * @param bytes the whole file
 * @param options `allowInvalidUtf8`: edit a file that is not UTF-8; only Hue on Python 2 (up to 4.11) starts with one
 * @returns the new bytes (the same object if nothing changed) and the edits, with offsets and lengths in bytes
 * @throws ConfigObjError if Hue could not read the file, or if releases of Hue read it differently (a lone CR)
 * @throws Failure `settings` for a value that Hue would not read back as it is; `unparsable` if `[impala]` cannot exist
 */
export function editHueIni(
  bytes: Uint8Array,
  settings: ImpalaSettings,
  options: DecodeOptions = {},
): { bytes: Uint8Array; changed: boolean; edits: Edit[] } {
  const source = decode(bytes, options);
  const { text, edits } = edit(source, settings, true);
  if (edits.length === 0) return { bytes, changed: false, edits };
  return {
    bytes: encode(text, source.encoding),
    changed: true,
    edits: edits.map((one) => ({
      offset: byteLength(source.text.slice(0, one.offset), source.encoding),
      length: byteLength(source.text.slice(one.offset, one.offset + one.length), source.encoding),
      content: one.content,
    })),
  };
}

/**
 * The same for the text of a Hue safety valve in Cloudera Manager, which becomes a configuration file of its own: the whole
 * text must parse alone. Offsets and lengths of the edits count UTF-16 code units. No final newline is added.
 * @throws ConfigObjError, Failure as {@link editHueIni}
 */
export function editValveText(
  text: string,
  settings: ImpalaSettings,
): { text: string; changed: boolean; edits: Edit[] } {
  const { text: edited, edits } = edit(decodedText(text), settings, false);
  return { text: edited, changed: edits.length > 0, edits };
}

function edit(source: Decoded, settings: ImpalaSettings, isFile: boolean): { text: string; edits: Edit[] } {
  const wanted = assignments(settings);
  const document = parseUnambiguous(source);
  const edits = planEdits(document, wanted);
  // A file that was empty gets a final newline, as text files have; a valve does not.
  if (isFile && document.lines.count === 0) {
    for (const [at, one] of edits.entries()) edits[at] = { ...one, content: `${one.content}\n` };
  }
  const text = applyEdits(source.text, edits);
  checkOnlyChanged(document.root.tree, parseDocument({ ...source, text }).root.tree, wanted);
  return { text, edits };
}

/** Parses, and also refuses a lone CR: ConfigObj 4 (Hue up to 4.2) ends a line there, ConfigObj 5 does not. */
function parseUnambiguous(source: Decoded): ConfigObjDocument {
  const document = parseDocument(source);
  const cr = findLoneCr(source.text);
  if (cr < 0) return document;
  const line = source.text.slice(0, cr).split("\n").length;
  const message = `a carriage return without line feed at line ${line}: Hue up to 4.2 ends the line there, later releases do not`;
  throw new ConfigObjError({ error: "LineEndingError", line, message });
}
