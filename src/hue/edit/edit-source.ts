import type { Decoded } from "../configobj/decode.ts";
import { type ConfigObjDocument, parseDocument } from "../configobj/document.ts";
import { ConfigObjError } from "../configobj/error.ts";
import { findLoneCr } from "../configobj/lines.ts";
import { applyEdits, type Edit } from "./apply-edits.ts";
import type { Assignment } from "./assignments.ts";
import { planEdits } from "./plan-edits.ts";
import { checkOnlyChanged } from "./self-check.ts";

/**
 * Gives keys their values in a document, and makes sure that nothing else changes.
 * @param isFile a file gets a final newline if it was empty, a safety valve does not
 * @returns the edited text and its document
 * @throws ConfigObjError, Failure as `editHueIni`
 */
export function editSource(
  source: Decoded,
  wanted: readonly Assignment[],
  isFile: boolean,
): { text: string; edits: Edit[]; document: ConfigObjDocument } {
  const document = parseUnambiguous(source);
  const edits = planEdits(document, wanted);
  // A file that was empty gets a final newline, as text files have; a valve does not.
  if (isFile && document.lines.count === 0) {
    for (const [at, one] of edits.entries()) edits[at] = { ...one, content: `${one.content}\n` };
  }
  const text = applyEdits(source.text, edits);
  const edited = edits.length === 0 ? document : parseDocument({ ...source, text });
  checkOnlyChanged(document.root.tree, edited.root.tree, wanted);
  return { text, edits, document: edited };
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
