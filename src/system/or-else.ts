/** What `read` gives, or something else if it throws: in /proc, processes end while they are looked at. */
export function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
