/**
 * The cookies of one Cloudera Manager session. The name of the session cookie differs between generations
 * (`CLOUDERA_MANAGER_SESSIONID` on CM 5 and 6), so every cookie is kept and sent back; attributes other than a
 * deletion are of no interest to a client that speaks to one origin for a minute.
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** Takes over the `Set-Cookie` headers of a reply. */
  store(headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = "", ...attributes] = header.split(";");
      const equals = pair.indexOf("=");
      if (equals <= 0) continue;
      const name = pair.slice(0, equals).trim();
      const value = pair.slice(equals + 1).trim();
      const deleted =
        value === "" || attributes.some((attribute) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(attribute));
      if (deleted) this.#cookies.delete(name);
      else if (!/[\r\n]/.test(header)) this.#cookies.set(name, value);
    }
  }

  /** The `Cookie` header, or undefined when there is no session yet. */
  header(): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  clear(): void {
    this.#cookies.clear();
  }
}
