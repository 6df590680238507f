/**
 * A string that Cloudera Manager supplied, fit for a terminal: C0 and C1 control characters, line and paragraph separators and
 * bidirectional overrides are dropped, line breaks and tabs become one space. Names, states and messages pass through here;
 * configuration values do not (they are kept byte for byte and made harmless by whoever prints them).
 */
export function clean(text: string): string {
  return text
    .replace(/[\t\r\n\u2028\u2029]+/g, " ")
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, "")
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "");
}

/**
 * {@link clean}, cut to `length` characters so that a stack trace sent as a message stays one line.
 * @param scrub takes secrets out of a text that may echo them: before it is cut, and also of what only cleaning puts together
 */
export function brief(text: string, length = 300, scrub = (whole: string) => whole): string {
  const line = scrub(clean(scrub(text))).trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}
