import { visible } from "../../domain/words/visible.ts";

/**
 * A message of Cloudera Manager as one visible line, cut to `length` characters: a stack trace is a message too.
 * @param scrub takes secrets out of a text that may echo them: before it is cut, and also of what only the line puts
 *   together
 */
export function brief(text: string, length = 300, scrub = (whole: string) => whole): string {
  const line = scrub(visible(scrub(text).replace(/[\t\r\n\u2028\u2029]+/g, " "))).trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
