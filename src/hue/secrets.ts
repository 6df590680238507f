const WORDS = ["password", "passwd", "passphrase", "secret", "token", "credential"];

/**
 * True if a line of a configuration may hold a secret: it names a password or the like (`bind_password=`, `secret_key=`,
 * commented or not), or holds a URL with a password in it. Errs on the side of hiding.
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
