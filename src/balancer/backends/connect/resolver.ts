import { lookup } from "node:dns";
import { isIP } from "node:net";

/** Gives the addresses of a name, or fails; `dns.lookup` (so /etc/hosts counts) unless a test brings its own. */
export type Lookup = (host: string) => Promise<string>;

export const systemLookup: Lookup = (host) =>
  new Promise((resolve, reject) => {
    lookup(host, (error, address) => (error === null ? resolve(address) : reject(error)));
  });

interface Known {
  address: string | undefined;
  /** When it was last looked up with success, or tried. */
  tried: number;
  pending: Promise<string> | undefined;
}

/**
 * Addresses of backends by name. A known address is used at once and looked up again in the background when it is
 * older than the hold time; when that fails the last address stays. Names that never resolved stop only their own
 * backend.
 */
export class Resolver {
  readonly #known = new Map<string, Known>();
  readonly #lookup: Lookup;
  readonly #hold: number;
  readonly #clock: () => number;

  /** @param hold milliseconds */
  constructor(lookupName: Lookup, hold: number, clock: () => number) {
    this.#lookup = lookupName;
    this.#hold = hold;
    this.#clock = clock;
  }

  /** The address if it is known (an address is its own), refreshing it in the background when old. */
  known(host: string): string | undefined {
    if (isIP(host) !== 0) return host;
    const entry = this.#entry(host);
    if (entry.address !== undefined && this.#clock() - entry.tried > this.#hold) {
      this.resolve(host).catch(() => undefined);
    }
    return entry.address;
  }

  /** Looks the name up now; concurrent calls share one look-up. @throws whatever the look-up throws */
  resolve(host: string): Promise<string> {
    if (isIP(host) !== 0) return Promise.resolve(host);
    const entry = this.#entry(host);
    entry.tried = this.#clock();
    entry.pending ??= this.#lookup(host)
      .then((address) => {
        entry.address = address;
        return address;
      })
      .finally(() => {
        entry.pending = undefined;
      });
    return entry.pending;
  }

  #entry(host: string): Known {
    let entry = this.#known.get(host);
    if (entry === undefined) {
      entry = { address: undefined, tried: Number.NEGATIVE_INFINITY, pending: undefined };
      this.#known.set(host, entry);
    }
    return entry;
  }
}
