import { HASH, type IsSpace, skipSpace } from "./chars.ts";

/** `'''` or `"""` if the value starts with it; anywhere else these are ordinary text. */
export function tripleQuote(value: string): string | undefined {
  if (value.startsWith("'''")) return "'''";
  return value.startsWith('"""') ? '"""' : undefined;
}

/** What became of a value that starts with a triple quote on its own line. */
export type TripleStart =
  | { readonly kind: "closed"; readonly text: string; readonly end: number }
  | { readonly kind: "open"; readonly text: string }
  | { readonly kind: "malformed" };

/**
 * Looks at the line a triple-quoted value starts on: closed on the same line, running on, or malformed (the quote comes
 * again but something other than blanks and a comment follows it).
 */
export function scanTripleStart(value: string, quote: string, isSpace: IsSpace): TripleStart {
  const close = findTripleEnd(value, quote, 3, isSpace);
  if (close >= 0) return { kind: "closed", text: value.slice(3, close), end: close + 3 };
  return value.includes(quote, 3) ? { kind: "malformed" } : { kind: "open", text: value.slice(3) };
}

/** Index at or after `from` of the first triple quote behind which only blanks and a comment stand, or -1. */
export function findTripleEnd(line: string, quote: string, from: number, isSpace: IsSpace): number {
  for (let at = line.indexOf(quote, from); at >= 0; at = line.indexOf(quote, at + 1)) {
    const rest = skipSpace(line, at + 3, isSpace);
    if (rest === line.length || line.charCodeAt(rest) === HASH) return at;
  }
  return -1;
}
