import { EQUALS, type IsSpace, isQuote, skipSpace, trimEnd } from "./chars.ts";

/** A `key = value` line; `valueStart` is the index of the value's first non-blank (or the line's length). */
export interface KeyLine {
  readonly name: string;
  readonly valueStart: number;
}

/**
 * Reads the key of a line, or gives undefined if the line is no `key = value`. Follows ConfigObj's keyword pattern:
 * quotes around a key are removed, an unquoted key ends before the first `=` and may hold blanks, `#`, `[` and quotes.
 */
export function scanKey(line: string, isSpace: IsSpace): KeyLine | undefined {
  const start = skipSpace(line, 0, isSpace);
  const first = line.charCodeAt(start);
  if (isQuote(first)) {
    const quoted = quotedKey(line, start, isSpace);
    if (quoted !== undefined) return quoted;
  } else if (first !== EQUALS) {
    return plainKey(line, start, isSpace);
  }
  // As ConfigObj backtracks: behind an indent, the key may start with the indent's last blank, as in ` = 1` or ` "a =
  // 1`.
  return start === 0 ? undefined : plainKey(line, start - 1, isSpace);
}

function plainKey(line: string, start: number, isSpace: IsSpace): KeyLine | undefined {
  const equals = line.indexOf("=", start + 1);
  if (equals < 0) return undefined;
  const name = line.slice(start, trimEnd(line, start + 1, equals, isSpace));
  return { name, valueStart: skipSpace(line, equals + 1, isSpace) };
}

/** The closing quote is the first one that blanks and `=` follow: `"a" "x" = 1` has the key `a" "x`. */
function quotedKey(line: string, start: number, isSpace: IsSpace): KeyLine | undefined {
  const quote = line.charCodeAt(start);
  let close = -1;
  for (let at = start + 1; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === quote) close = at;
    else if (code === EQUALS && close >= 0) {
      return { name: line.slice(start + 1, close), valueStart: skipSpace(line, at + 1, isSpace) };
    } else if (!isSpace(code)) close = -1;
  }
  return undefined;
}
