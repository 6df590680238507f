/**
 * Replace `length` units at `offset` by `content`. Units are bytes for {@link editHueIni} and UTF-16 code units for
 * {@link editValveText}; `content` is text in both. In a list of edits: offsets refer to the original, ascend, and no
 * two edits overlap or touch the same place.
 */
export interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly content: string;
}

/**
 * The text with the edits made.
 * @throws RangeError if the edits are out of order, overlap or reach beyond the text
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const { offset, length, content } of edits) {
    if (offset < at || length < 0 || offset + length > text.length) throw new RangeError("edits overlap");
    out += text.slice(at, offset) + content;
    at = offset + length;
  }
  return out + text.slice(at);
}
