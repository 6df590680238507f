import { isUtf8 } from "node:buffer";
import { type IsSpace, isPython2Space, isPython3Space } from "./chars.ts";
import { ConfigObjError } from "./error.ts";

/** A document's text and what is needed to get back to its bytes. */
export interface Decoded {
  /** Everything, a byte order mark included. */
  readonly text: string;
  /** Where the first line starts: behind the byte order mark. */
  readonly bodyStart: number;
  /** `bytes`: not UTF-8, each byte is one character, as Python 2 reads it. */
  readonly encoding: "utf-8" | "bytes";
  readonly isSpace: IsSpace;
}

export interface DecodeOptions {
  /**
   * Read a document that is not UTF-8 byte by byte, as Hue on Python 2 does. Hue on Python 3 does not start with it.
   */
  readonly allowInvalidUtf8?: boolean;
}

const BOM = "\ufeff";

/**
 * Bytes to text as ConfigObj 5 does without an encoding: UTF-8, strictly, an initial byte order mark apart.
 * @throws ConfigObjError `UnicodeError` for UTF-16 and, unless allowed, for bytes that are not UTF-8; Python's wording.
 */
export function decode(bytes: Uint8Array, options: DecodeOptions = {}): Decoded {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw unicodeError(1, "UTF-16 text: ConfigObj splits it in the middle of characters and cannot read it");
  }
  const marked = first === 0xef && second === 0xbb && bytes[2] === 0xbf;
  // Node knows quickly whether; where and why is looked for only if need be.
  const fault = isUtf8(bytes) ? undefined : findInvalidUtf8(bytes);
  if (fault === undefined) {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    return { text, bodyStart: marked ? 1 : 0, encoding: "utf-8", isSpace: isPython3Space };
  }
  if (options.allowInvalidUtf8 !== true) throw describe(bytes, fault, marked ? 3 : 0);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return { text, bodyStart: marked ? 3 : 0, encoding: "bytes", isSpace: isPython2Space };
}

/** Text that never was bytes here (a safety valve from Cloudera Manager); it becomes UTF-8 before Hue reads it. */
export function decodedText(text: string): Decoded {
  return { text, bodyStart: text.startsWith(BOM) ? 1 : 0, encoding: "utf-8", isSpace: isPython3Space };
}

/** The inverse of {@link decode}, also for text that has been edited. */
export function encode(text: string, encoding: Decoded["encoding"]): Uint8Array {
  return new Uint8Array(Buffer.from(text, encoding === "bytes" ? "latin1" : "utf-8"));
}

/** How many bytes the text takes, so that offsets in text can become offsets in bytes. */
export function byteLength(text: string, encoding: Decoded["encoding"]): number {
  return encoding === "bytes" ? text.length : Buffer.byteLength(text, "utf-8");
}

interface Utf8Fault {
  readonly start: number;
  readonly end: number;
  readonly reason: "invalid start byte" | "invalid continuation byte" | "unexpected end of data";
}

/** The first ill-formed sequence, with the extent and reason Python names. */
function findInvalidUtf8(bytes: Uint8Array): Utf8Fault | undefined {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    const more =
      lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
    if (more < 0) return { start: at, end: at + 1, reason: "invalid start byte" };
    for (let step = 1; step <= more; step++) {
      const byte = bytes[at + step];
      if (byte !== undefined && continues(lead, step, byte)) continue;
      // ConfigObj decodes line by line, but a line ends in LF, so that running out of data happens at the end only.
      const reason = byte === undefined ? "unexpected end of data" : "invalid continuation byte";
      return { start: at, end: at + step, reason };
    }
    at += more + 1;
  }
  return undefined;
}

/** Whether `byte` may be the `step`-th one after `lead`: no overlong forms, no surrogates, nothing above U+10FFFF. */
function continues(lead: number, step: number, byte: number): boolean {
  if (step === 1) {
    if (lead === 0xe0) return byte >= 0xa0 && byte <= 0xbf;
    if (lead === 0xed) return byte >= 0x80 && byte <= 0x9f;
    if (lead === 0xf0) return byte >= 0x90 && byte <= 0xbf;
    if (lead === 0xf4) return byte >= 0x80 && byte <= 0x8f;
  }
  return byte >= 0x80 && byte <= 0xbf;
}

function describe(bytes: Uint8Array, fault: Utf8Fault, bodyStart: number): ConfigObjError {
  const before = bytes.subarray(0, fault.start);
  const lineStart = Math.max(before.lastIndexOf(0x0a) + 1, bodyStart);
  let line = 1;
  for (const byte of before) if (byte === 0x0a) line++;
  const first = fault.start - lineStart;
  const last = fault.end - 1 - lineStart;
  const hex = (bytes[fault.start] ?? 0).toString(16).padStart(2, "0");
  const what = first === last ? `byte 0x${hex} in position ${first}` : `bytes in position ${first}-${last}`;
  return unicodeError(line, `'utf-8' codec can't decode ${what}: ${fault.reason}`);
}

function unicodeError(line: number, message: string): ConfigObjError {
  return new ConfigObjError({ error: "UnicodeError", line, message });
}
