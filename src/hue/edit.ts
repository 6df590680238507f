import { byteLength, type DecodeOptions, decode, decodedText, encode } from "./configobj/decode.ts";
import type { ConfigObjDocument } from "./configobj/document.ts";
import type { Edit } from "./edit/apply-edits.ts";
import { assignments } from "./edit/assignments.ts";
import { editSource } from "./edit/edit-source.ts";
import type { ImpalaSettings } from "./settings.ts";

export type { Edit } from "./edit/apply-edits.ts";
export type { ImpalaSettings } from "./settings.ts";

/**
 * Sets server_host, server_port, server_conn_timeout and whatever else ImpalaSettings has in a hue.ini.
 *
 * Every byte outside the edited lines stays: line endings, byte order mark, indentation, trailing blanks, comments, a
 * missing final newline. An active key keeps its spelling, spacing and comment, and a value that is right already is
 * not touched. The result is parsed again and must mean the old document plus these keys. Editing twice changes
 * nothing.
 *
 * @param bytes the whole file
 * @param options `allowInvalidUtf8`: edit a file that is not UTF-8; only Hue on Python 2 (up to 4.11) starts with one
 * @returns the new bytes (the same object if nothing changed) and the edits, with offsets and lengths in bytes
 * @throws ConfigObjError if Hue could not read the file, or if releases of Hue read it differently (a lone CR)
 * @throws Failure `settings` for a value that Hue would not read back as it is; `unparsable` if a section cannot exist
 */
export function editHueIni(
  bytes: Uint8Array,
  settings: ImpalaSettings,
  options: DecodeOptions = {},
): { bytes: Uint8Array; changed: boolean; edits: Edit[] } {
  const { document: _, ...edited } = editConfFile(bytes, settings, options);
  return edited;
}

/**
 * As {@link editHueIni}.
 * @returns also what the edited bytes mean, for those who read them next; absent where Python 3 would refuse them
 */
export function editConfFile(
  bytes: Uint8Array,
  settings: ImpalaSettings,
  options: DecodeOptions = {},
): { bytes: Uint8Array; changed: boolean; edits: Edit[]; document?: ConfigObjDocument } {
  const source = decode(bytes, options);
  const { text, edits, document } = editSource(source, assignments(settings), true);
  const meaning = source.encoding === "utf-8" ? { document } : {};
  if (edits.length === 0) return { bytes, changed: false, edits, ...meaning };
  return {
    bytes: encode(text, source.encoding),
    changed: true,
    edits: edits.map((one) => ({
      offset: byteLength(source.text.slice(0, one.offset), source.encoding),
      length: byteLength(source.text.slice(one.offset, one.offset + one.length), source.encoding),
      content: one.content,
    })),
    ...meaning,
  };
}

/**
 * The same for the text of a Hue safety valve in Cloudera Manager, which becomes a configuration file of its own: the
 * whole text must parse alone. Offsets and lengths of the edits count UTF-16 code units. No final newline is added.
 * @throws ConfigObjError, Failure as {@link editHueIni}
 */
export function editValveText(
  text: string,
  settings: ImpalaSettings,
): { text: string; changed: boolean; edits: Edit[] } {
  const { text: edited, edits } = editSource(decodedText(text), assignments(settings), false);
  return { text: edited, changed: edits.length > 0, edits };
}
