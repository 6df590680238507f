import { COMMA, HASH, type IsSpace, isQuote, skipSpace, trimEnd } from "./chars.ts";

/**
 * A value as ConfigObj reads it (`list_values=True`, Hue's setting); `end` is where it ends, before blanks and comment.
 */
export interface Value {
  readonly value: string | string[];
  readonly end: number;
}

/**
 * Reads what follows `=` and its blanks on one line: a word, a quoted word, a comma-separated list, each with an
 * optional `#` comment. Gives undefined where ConfigObj says "Parse error in value".
 *
 * ConfigObj decides with one backtracking pattern (items that end in a comma, then an optional last item) and then cuts
 * the matched list into items with a second one. {@link lastItemStart} finds what the first pattern finds, in linear
 * time.
 */
export function scanValue(text: string, isSpace: IsSpace): Value | undefined {
  if (text === "") return { value: "", end: 0 };
  const start = lastItemStart(text, isSpace);
  if (start < 0) {
    const loneComma = text.charCodeAt(0) === COMMA && endsAt(text, 1, isSpace);
    return loneComma ? { value: [], end: 1 } : undefined;
  }
  const last = lastItem(text, start, isSpace);
  if (start === 0) return last ?? { value: "", end: 0 };
  const items = listItems(text, start, isSpace);
  if (items === undefined) return undefined;
  if (last === undefined) return { value: items, end: trimEnd(text, 0, start, isSpace) };
  items.push(last.value);
  return { value: items, end: last.end };
}

/** True if only blanks and a comment stand at or after `from`. */
function endsAt(text: string, from: number, isSpace: IsSpace): boolean {
  const at = skipSpace(text, from, isSpace);
  return at === text.length || text.charCodeAt(at) === HASH;
}

/**
 * Where the last item starts (0: no list; the text's length or a `#`: nothing after the last comma), or -1 if the text
 * is no value. Walks from right to left and keeps, for the characters already seen, what a match starting there would
 * give, so that each choice of ConfigObj's pattern is looked at once. Expects a text that starts with a non-blank.
 */
function lastItemStart(text: string, isSpace: IsSpace): number {
  let nonBlank = text.length; // the first non-blank seen so far
  let fromNonBlank = text.length; // the result of an item starting there
  let comma = false; // whether the next comma comes before the next `#`
  let fromComma = -1; // the result behind that comma
  // Per quote character: the result if it closes an item before a comma (-1: no such place), and whether it can close
  // the last item.
  const closes = { double: { item: -1, last: false }, single: { item: -1, last: false } };
  for (let at = text.length - 1; at >= 0; at--) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) continue;
    let result = -1;
    if (isQuote(code)) {
      const close = code === 0x22 ? closes.double : closes.single;
      result = close.item >= 0 ? close.item : close.last ? at : -1;
      const follower = text.charCodeAt(nonBlank);
      if (nonBlank === text.length || follower === HASH) close.last = true;
      if (follower === COMMA && fromComma >= 0) close.item = fromComma;
    } else if (code === COMMA) {
      const blanks = nonBlank > at + 1;
      // Behind blanks an item may also start with a blank, and then a quote or comma after it is ordinary text.
      fromComma = fromNonBlank < 0 && blanks && comma ? fromComma : fromNonBlank;
      comma = true;
    } else if (code === HASH) {
      result = at;
      comma = false;
    } else {
      result = comma ? fromComma : at;
    }
    nonBlank = at;
    fromNonBlank = result;
  }
  return fromNonBlank;
}

/** The item at `start` up to blanks, comment or the end of the text; undefined if nothing stands there. */
function lastItem(text: string, start: number, isSpace: IsSpace): { value: string; end: number } | undefined {
  const first = text.charCodeAt(start);
  if (start === text.length || first === HASH) return undefined;
  if (!isQuote(first)) {
    const hash = text.indexOf("#", start);
    const end = trimEnd(text, start, hash < 0 ? text.length : hash, isSpace);
    return { value: text.slice(start, end), end };
  }
  let close = start + 1;
  while (text.charCodeAt(close) !== first || !endsAt(text, close + 1, isSpace)) close++;
  return { value: text.slice(start + 1, close), end: close + 1 };
}

/**
 * Cuts `text.slice(0, to)`, whose items each end in a comma, into items without their quotes. Undefined if an item is
 * empty, which ConfigObj refuses.
 */
function listItems(text: string, to: number, isSpace: IsSpace): string[] | undefined {
  const items: string[] = [];
  const double = new ItemClose(text, to, '"', isSpace);
  const single = new ItemClose(text, to, "'", isSpace);
  let at = 0;
  while (at < to) {
    const first = text.charAt(at);
    const close = first === '"' ? double.after(at) : first === "'" ? single.after(at) : -1;
    const comma = text.indexOf(",", close < 0 ? at : close);
    const item = text.slice(at, trimEnd(text, at, comma, isSpace));
    if (item === "") return undefined;
    items.push(unquote(item));
    at = skipSpace(text, comma + 1, isSpace);
  }
  return items;
}

/**
 * Finds closing quotes that blanks and a comma follow; remembers the last one found, so that all calls together are
 * linear.
 */
class ItemClose {
  readonly #text: string;
  readonly #to: number;
  readonly #quote: string;
  readonly #isSpace: IsSpace;
  #found = 0;

  constructor(text: string, to: number, quote: string, isSpace: IsSpace) {
    this.#text = text;
    this.#to = to;
    this.#quote = quote;
    this.#isSpace = isSpace;
  }

  /** Index of the first such quote after `at`, or -1. Calls must come with ascending `at`. */
  after(at: number): number {
    while (this.#found >= 0 && this.#found <= at) this.#advance(at);
    return this.#found;
  }

  #advance(at: number): void {
    let close = this.#text.indexOf(this.#quote, at + 1);
    while (close >= 0 && close < this.#to) {
      const follower = skipSpace(this.#text, close + 1, this.#isSpace);
      if (this.#text.charCodeAt(follower) === COMMA && follower < this.#to) {
        this.#found = close;
        return;
      }
      close = this.#text.indexOf(this.#quote, close + 1);
    }
    this.#found = -1;
  }
}

/** As ConfigObj's `_unquote`: removes the first and last character if both are the same quote. */
function unquote(item: string): string {
  const first = item.charCodeAt(0);
  return isQuote(first) && item.charCodeAt(item.length - 1) === first ? item.slice(1, -1) : item;
}
