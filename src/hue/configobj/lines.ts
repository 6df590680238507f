import { CR, LF } from "./chars.ts";

/** One line of a document: `[start, end)` without its ending, `next` is where the following line starts. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

/**
 * Splits at LF only and strips every CR before it, as ConfigObj 5 does (`readlines()` on bytes, then `rstrip("\r\n")`).
 * Form feeds, U+0085 and U+2028 split nothing. A final LF does not start another line.
 */
export function splitLines(text: string, from = 0): Line[] {
  const lines: Line[] = [];
  let start = from;
  while (start < text.length) {
    const newline = text.indexOf("\n", start);
    const next = newline < 0 ? text.length : newline + 1;
    let end = newline < 0 ? next : newline;
    while (end > start && text.charCodeAt(end - 1) === CR) end--;
    lines.push({ start, end, next });
    start = next;
  }
  return lines;
}

/** The bytes that end a line: `"\n"`, `"\r\n"`, `""` on a last line without an ending. */
export function lineEnding(text: string, line: Line): string {
  return text.slice(line.end, line.next);
}

/** True if the line ends in LF, so that something can be put after it. */
export function hasNewline(text: string, line: Line): boolean {
  return line.next > line.start && text.charCodeAt(line.next - 1) === LF;
}

/**
 * Index of the first line that holds a CR which is not part of an LF ending, or -1. ConfigObj 4 (Hue up to 4.2) splits
 * such a line in two, ConfigObj 5 does not.
 */
export function lineWithLoneCr(text: string, lines: readonly Line[]): number {
  return lines.findIndex((line) => {
    const cr = text.indexOf("\r", line.start);
    return cr >= 0 && (cr < line.end || (cr < line.next && !hasNewline(text, line)));
  });
}
