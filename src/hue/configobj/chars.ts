/** Character codes that mean something to ConfigObj. */
export const LF = 0x0a;
export const CR = 0x0d;
export const DOUBLE_QUOTE = 0x22;
export const HASH = 0x23;
export const SINGLE_QUOTE = 0x27;
export const COMMA = 0x2c;
export const EQUALS = 0x3d;
export const OPEN = 0x5b;
export const CLOSE = 0x5d;

/** Tells blanks from other characters; which ones are blank depends on the Python that runs Hue. */
export type IsSpace = (code: number) => boolean;

/**
 * What Python 3's `str.strip()` and `\s` take for white space. JavaScript's own notion differs: it lacks U+001C–U+001F
 * and U+0085 and adds U+FEFF.
 */
export function isPython3Space(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x1680 ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** What Python 2 takes for white space in a byte string. */
export function isPython2Space(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** Index of the first non-blank at or after `from`, or `text.length`. */
export function skipSpace(text: string, from: number, isSpace: IsSpace): number {
  let at = from;
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Index just after the last non-blank before `to`, but not below `from`. */
export function trimEnd(text: string, from: number, to: number, isSpace: IsSpace): number {
  let end = to;
  while (end > from && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

/** True for `"` and `'`. */
export function isQuote(code: number): boolean {
  return code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
}
