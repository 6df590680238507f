import { decode } from "../configobj/decode.ts";
import { type ConfigObjDocument, type KeyNode, parseDocument } from "../configobj/document.ts";
import { ConfigObjError } from "../configobj/error.ts";

/** A file (or safety valve) that Hue reads as configuration. */
export interface ConfFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** What the bytes mean, where they have been parsed already. */
  readonly document?: ConfigObjDocument;
}

/** A value with the place that sets it; `line` is 1-based. */
export interface Located<T> {
  readonly value: T;
  readonly path: string;
  readonly line: number;
}

/** A file that Hue does not start with. */
export interface BrokenFile {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A file that could be parsed, if need be as Python 2 would. */
export interface ParsedFile {
  readonly path: string;
  readonly document: ConfigObjDocument;
}

/** Parses every file; one that only Python 3 refuses is broken and yet read. */
export function parseFiles(files: readonly ConfFile[]): { parsed: ParsedFile[]; broken: BrokenFile[] } {
  const parsed: ParsedFile[] = [];
  const broken: BrokenFile[] = [];
  for (const { path, bytes, document } of files) {
    if (document !== undefined) {
      parsed.push({ path, document });
      continue;
    }
    for (const allowInvalidUtf8 of [false, true]) {
      try {
        parsed.push({ path, document: parseDocument(decode(bytes, { allowInvalidUtf8 })) });
        break;
      } catch (error) {
        if (!(error instanceof ConfigObjError)) throw error;
        broken.push({ path, line: error.line, message: error.message });
        if (error.error !== "UnicodeError") break;
      }
    }
  }
  return { parsed, broken };
}

/** `file:line` of a key. */
export function placeOf(path: string, key: KeyNode): string {
  return `${path}:${key.line + 1}`;
}
