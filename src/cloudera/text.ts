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

/** {@link clean}, cut to `length` characters so that a stack trace sent as a message stays one line. */
export function brief(text: string, length = 300): string {
  const line = clean(text).trim();
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

/**
 * The name closest to `wanted` (Levenshtein distance at most a third of its length, upper and lower case alike), or undefined.
 * For "did you mean …?".
 */
export function closest(wanted: string, names: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
