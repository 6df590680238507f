/** A text in single quotes, as every POSIX shell and zsh read it back. */
export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word as a POSIX shell reads it back; quoted only where it has to be. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./[\]-]+$/.test(word) ? word : singleQuoted(word);
}
