import { EQUALS, HASH, type IsSpace, skipSpace } from "../configobj/chars.ts";

/**
 * True for `## name = …`, the way Hue's template shows a default: marks, blanks, and the whole key before `=`. Prose that
 * merely names the key is no default.
 */
export function isCommentedDefault(line: string, name: string, isSpace: IsSpace): boolean {
  let at = skipSpace(line, 0, isSpace);
  if (line.charCodeAt(at) !== HASH) return false;
  while (line.charCodeAt(at) === HASH) at++;
  at = skipSpace(line, at, isSpace);
  return line.startsWith(name, at) && line.charCodeAt(skipSpace(line, at + name.length, isSpace)) === EQUALS;
}
