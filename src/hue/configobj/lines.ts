import { CR, LF } from "./chars.ts";

/**
 * The lines of a text. They end at LF only, and every CR before it belongs to the ending, as in ConfigObj 5
 * (`readlines()` on bytes, then `rstrip("\r\n")`). Form feeds, U+0085 and U+2028 split nothing. A final LF does not
 * start another line.
 */
export class Lines {
  readonly #text: string;
  /** Where each line starts, and where the text ends: numbers alone, for there may be millions. */
  readonly #starts: number[] = [];

  constructor(text: string, from: number) {
    this.#text = text;
    let start = from;
    while (start < text.length) {
      this.#starts.push(start);
      const newline = text.indexOf("\n", start);
      start = newline < 0 ? text.length : newline + 1;
    }
    this.#starts.push(text.length);
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  start(index: number): number {
    const start = this.#starts[index];
    if (start === undefined || index >= this.count) throw new RangeError(`no line ${index}`);
    return start;
  }

  /** Where the line after this one starts, or the text ends. */
  next(index: number): number {
    return this.#starts[index + 1] ?? this.#text.length;
  }

  /** Where the line's ending starts. */
  end(index: number): number {
    const start = this.start(index);
    let end = this.next(index);
    while (end > start && isEnding(this.#text.charCodeAt(end - 1))) end--;
    return end;
  }

  /** The line without its ending. */
  text(index: number): string {
    return this.#text.slice(this.start(index), this.end(index));
  }

  /** The bytes that end the line: `"\n"`, `"\r\n"`, `""` for a last line without newline. */
  ending(index: number): string {
    return this.#text.slice(this.end(index), this.next(index));
  }
}

function isEnding(code: number): boolean {
  return code === LF || code === CR;
}

/**
 * Offset of the first CR that is not part of an LF ending, or -1. ConfigObj 4 (Hue up to 4.2) ends a line there,
 * ConfigObj 5 does not.
 */
export function findLoneCr(text: string): number {
  let at = text.indexOf("\r");
  while (at >= 0) {
    const first = at;
    while (text.charCodeAt(at) === CR) at++;
    if (text.charCodeAt(at) !== LF) return first;
    at = text.indexOf("\r", at);
  }
  return -1;
}
