import { isUtf8 } from "node:buffer";
import type { Text } from "../text.ts";

/** Why bytes are no text that can be used. */
export const NOT_TEXT = {
  nul: (line: number): Text => ({
    en: `line ${line} holds a NUL character`,
    ja: `${line} 行目に NUL 文字が含まれています`,
  }),
  odd: {
    en: "it is UTF-16 and ends in the middle of a character",
    ja: "UTF-16 ですが、文字の途中で終わっています",
  },
  noUtf8: {
    en: "it is neither UTF-8 nor UTF-16 with a byte order mark",
    ja: "UTF-8 でも、バイト順マーク付きの UTF-16 でもありません",
  },
} as const;

/**
 * The text that bytes of a file are, wherever the file was written: UTF-8 with or without a byte order mark, UTF-16
 * with one (as PowerShell writes it). The mark is no part of the text; line ends stay as they are.
 * @returns or why they are none: bytes that would be sent or compared as something else
 */
export function decodeText(bytes: Uint8Array): { readonly text: string } | { readonly fault: Text } {
  const [first, second] = bytes;
  const little = first === 0xff && second === 0xfe;
  if (little || (first === 0xfe && second === 0xff)) {
    if (bytes.length % 2 !== 0) return { fault: NOT_TEXT.odd };
    const words = Buffer.from(bytes.subarray(2));
    const decoded = (little ? words : words.swap16()).toString("utf16le");
    words.fill(0);
    return /\p{Surrogate}/u.test(decoded) ? { fault: NOT_TEXT.odd } : withoutNul(decoded);
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { fault: NOT_TEXT.nul(lineAt(bytes, nul)) };
  if (!isUtf8(bytes)) return { fault: NOT_TEXT.noUtf8 };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return { text: text.replace(/^\ufeff/, "") };
}

function withoutNul(text: string): { text: string } | { fault: Text } {
  const nul = text.indexOf("\0");
  if (nul < 0) return { text };
  return { fault: NOT_TEXT.nul(text.slice(0, nul).split("\n").length) };
}

function lineAt(bytes: Uint8Array, end: number): number {
  let line = 1;
  for (let at = 0; at < end; at++) if (bytes[at] === 0x0a) line++;
  return line;
}
