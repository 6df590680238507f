import { skipSpace } from "../configobj/chars.ts";
import type { ConfigObjDocument } from "../configobj/document.ts";

/** A line's indentation. Blanks and tabs only: to Python 2 a no-break space would be part of the key. */
export function indentOf(document: ConfigObjDocument, index: number): string {
  const text = document.lines.text(index);
  return text.slice(
    0,
    skipSpace(text, 0, (code) => code === 0x20 || code === 0x09),
  );
}
