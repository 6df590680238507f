import { NegotiationReader, SASL_COMPLETE } from "../wire/sasl.ts";
import type { Link, LinkOwner } from "./link.ts";

/** Milliseconds that a repeated login may take. */
const LOGIN_TIME = 10_000;

/**
 * Makes a login that one backend has accepted on the link to another one: SASL PLAIN is the same bytes everywhere.
 * @throws Error without a word of what was sent
 */
export function repeatLogin(link: Link, login: readonly Buffer[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const reader = new NegotiationReader();
    const timer = setTimeout(() => reject(new Error("no answer to the login")), LOGIN_TIME);
    const settle = (error?: Error): void => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    const owner: LinkOwner = {
      unsent: 0,
      linkBytes: (_, chunk) => {
        let at = 0;
        while (at < chunk.length && reader.fault === undefined && reader.status <= 2) {
          at = reader.push(chunk, at, chunk.length);
        }
        if (reader.status === SASL_COMPLETE && at === chunk.length) settle();
        else if (reader.status > 2 || reader.fault !== undefined) settle(new Error("the login was refused"));
        return true;
      },
      linkEnded: () => settle(new Error("closed during the login")),
      linkDrained: () => undefined,
    };
    link.owner = owner;
    if (link.broken) settle(new Error("closed before the login"));
    else for (const bytes of login) link.send(bytes);
  });
}

export type LoginVerdict = "going-on" | "accepted" | "refused" | "not-understood";

/** The client's login with its first backend: recorded as it passes by. */
export class Login {
  readonly recorded: Buffer[] = [];
  #bytes = 0;
  readonly #reader = new NegotiationReader();

  /** @returns false when this cannot be a PLAIN login any more */
  fromClient(chunk: Buffer): boolean {
    this.recorded.push(chunk);
    this.#bytes += chunk.length;
    return this.#bytes <= 32 * 1024;
  }

  fromBackend(chunk: Buffer): LoginVerdict {
    const reader = this.#reader;
    for (let at = 0; at < chunk.length; ) {
      at = reader.push(chunk, at, chunk.length);
      if (reader.fault !== undefined) return "not-understood";
      if (reader.status === SASL_COMPLETE) return at === chunk.length ? "accepted" : "not-understood";
      if (reader.status > 2) return "refused";
    }
    return "going-on";
  }

  /** Nothing of a login outlives its connection. */
  wipe(): void {
    for (const bytes of this.recorded) bytes.fill(0);
    this.recorded.length = 0;
  }
}
