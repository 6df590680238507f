import { mentionsSecret } from "../secrets.ts";

const SHORT_ESCAPES: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };

/** How long a quoted line may get in a message. */
const LONGEST = 200;

/** A string as Python's `repr()` prints it: `'it\x07'`, `"it's"`. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const char of text) {
    if (char === quote) out += `\\${char}`;
    else out += SHORT_ESCAPES[char] ?? (isPrintable(char) ? char : escaped(char));
  }
  return out + quote;
}

/** `repr()` of a configuration line for people: cut where it gets long, and not shown if it speaks of a password. */
export function reprForPeople(line: string): string {
  if (mentionsSecret(line)) return "'***'";
  if (line.length <= LONGEST) return pythonRepr(line);
  return `${pythonRepr(line.slice(0, LONGEST))}...`;
}

/**
 * As `str.isprintable`: no control, format, surrogate, private-use, unassigned character and no separator but the
 * blank.
 */
function isPrintable(char: string): boolean {
  return char === " " || !/[\p{C}\p{Z}]/u.test(char);
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
