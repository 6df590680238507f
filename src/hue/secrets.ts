const WORDS = ["password", "passwd", "passphrase", "secret", "token", "credential"];

/**
 * True if a line of a configuration may hold a secret: it names a password or the like (`bind_password=`,
 * `secret_key=`, commented or not), or holds a URL with a password in it. Errs on the side of hiding.
 */
export function mentionsSecret(line: string): boolean {
  const lower = line.toLowerCase();
  return WORDS.some((word) => lower.includes(word)) || hasUrlPassword(line);
}

/** `scheme://user:password@host`. */
function hasUrlPassword(line: string): boolean {
  const authority = line.indexOf("://");
  if (authority < 0) return false;
  const at = line.lastIndexOf("@");
  const colon = line.indexOf(":", authority + 3);
  return colon >= 0 && colon < at;
}

/** Numbers (from 1) of the lines that may hold a secret; a value in triple quotes counts with all its lines. */
export function secretLines(text: string): Set<number> {
  const found = new Set<number>();
  let open: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    if (open !== undefined || mentionsSecret(line)) found.add(index + 1);
    if (open !== undefined) {
      if (line.includes(open)) open = undefined;
    } else if (mentionsSecret(line)) {
      const [quote] = /'''|"""/.exec(line) ?? [];
      if (quote !== undefined && line.split(quote).length === 2) open = quote;
    }
  }
  return found;
}
