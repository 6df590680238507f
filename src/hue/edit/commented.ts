import { EQUALS, HASH, type IsSpace, skipSpace } from "../configobj/chars.ts";
import { scanHeader } from "../configobj/header.ts";

/** Where the text behind a comment's marks starts; undefined if the line is no comment. */
function behindMarks(line: string, isSpace: IsSpace): number | undefined {
  let at = skipSpace(line, 0, isSpace);
  if (line.charCodeAt(at) !== HASH) return undefined;
  while (line.charCodeAt(at) === HASH) at++;
  return skipSpace(line, at, isSpace);
}

/** True for a comment line. */
export function isComment(line: string, isSpace: IsSpace): boolean {
  return behindMarks(line, isSpace) !== undefined;
}

/**
 * The key of `## name = …`, the way Hue's template shows a default: marks, blanks, and the whole key before `=`.
 * Undefined for prose, which merely names a key.
 */
export function commentedKey(line: string, isSpace: IsSpace): string | undefined {
  const start = behindMarks(line, isSpace);
  if (start === undefined) return undefined;
  let end = start;
  while (end < line.length && line.charCodeAt(end) !== EQUALS && !isSpace(line.charCodeAt(end))) end++;
  if (end === start || line.charCodeAt(skipSpace(line, end, isSpace)) !== EQUALS) return undefined;
  return line.slice(start, end);
}

/**
 * The header in `## [[name]]`, the way Hue's template shows a section that is not used; undefined for anything else.
 */
export function commentedHeader(line: string, isSpace: IsSpace): { name: string; depth: number } | undefined {
  const start = behindMarks(line, isSpace);
  const header = start === undefined ? undefined : scanHeader(line.slice(start), isSpace);
  if (header === undefined || header.opens !== header.closes) return undefined;
  return { name: header.name, depth: header.opens };
}
