import { CLOSE, HASH, type IsSpace, isQuote, OPEN, skipSpace } from "./chars.ts";

/** A section header: `opens` and `closes` count the brackets; ConfigObj wants them equal. */
export interface Header {
  readonly name: string;
  readonly opens: number;
  readonly closes: number;
}

interface Closing {
  readonly start: number;
  readonly closes: number;
}

/**
 * Reads `[name]`, `[[ "name" ]] # comment` and the like, or gives undefined if the line is no header. Follows
 * ConfigObj's section pattern: as many opening brackets as possible, then the shortest name after which only closing
 * brackets, blanks and a comment remain. Brackets, `#`, `=` and quotes may be part of a name.
 */
export function scanHeader(line: string, isSpace: IsSpace): Header | undefined {
  let at = skipSpace(line, 0, isSpace);
  let opens = 0;
  let lastOpen = -1;
  while (line.charCodeAt(at) === OPEN) {
    opens++;
    lastOpen = at;
    at = skipSpace(line, at + 1, isSpace);
  }
  if (opens === 0) return undefined;
  const header = isQuote(line.charCodeAt(at))
    ? quotedName(line, at, opens, isSpace)
    : plainName(line, at, opens, isSpace);
  if (header !== undefined || opens === 1) return header;
  // As ConfigObj backtracks: the last bracket may belong to the name, as in `[[]` or `[["a]`.
  return plainName(line, lastOpen, opens - 1, isSpace);
}

function plainName(line: string, start: number, opens: number, isSpace: IsSpace): Header | undefined {
  const closing = nextClosing(line, start + 1, isSpace);
  return closing && { name: line.slice(start, closing.start), opens, closes: closing.closes };
}

/** The closing quote is the first one with closing brackets behind it; the name must hold a non-blank. */
function quotedName(line: string, start: number, opens: number, isSpace: IsSpace): Header | undefined {
  const quote = line.charCodeAt(start);
  const firstInside = skipSpace(line, start + 1, isSpace);
  let closing = nextClosing(line, firstInside + 1, isSpace);
  while (closing !== undefined) {
    const end = closing.start - 1;
    if (end > firstInside && line.charCodeAt(end) === quote) {
      return { name: line.slice(start + 1, end), opens, closes: closing.closes };
    }
    closing = nextClosing(line, closing.start + 1, isSpace, true);
  }
  return undefined;
}

/**
 * The first place at or after `from` where blanks and closing brackets (at least one) run to the end of the line or to
 * a `#`. With `skipRun`, the run of blanks and brackets that `from` lies in does not count.
 */
function nextClosing(line: string, from: number, isSpace: IsSpace, skipRun = false): Closing | undefined {
  let skipping = skipRun;
  let start = -1;
  let closes = 0;
  for (let at = from; at <= line.length; at++) {
    const code = at < line.length ? line.charCodeAt(at) : HASH;
    if (code === CLOSE || isSpace(code)) {
      if (skipping) continue;
      if (start < 0) start = at;
      if (code === CLOSE) closes++;
      continue;
    }
    if (code === HASH && closes > 0) return { start, closes };
    skipping = false;
    start = -1;
    closes = 0;
  }
  return undefined;
}
