import { type BlockList, isIPv6 } from "node:net";
import { cidrList, parseCidr } from "../../../domain/cidr.ts";
import type { ProtectedListener } from "../../spec/protective.ts";

/** Why a connection was turned away before any backend was contacted. */
export type Refusal = "not-allowed" | "full" | "source-full";

/** For people: why a connection was turned away. */
export const REFUSALS: Readonly<Record<Refusal, string>> = {
  "not-allowed": "its address is not in the allow list",
  full: "the listener's connections are used up",
  "source-full": "the connections of one source are used up",
};

/** Who may connect to one listener, and how many at a time. */
export class Admission {
  #proxies: BlockList | undefined;
  #allow: BlockList | undefined;
  #maxConnections = 0;
  #maxPerSource = 0;
  /** Connections by source address, while they are limited. */
  readonly #present = new Map<string, number>();

  /** @param maxConnections the specification's, or less where descriptors are short */
  constructor(spec: ProtectedListener, maxConnections: number) {
    this.configure(spec, maxConnections);
  }

  /** Applies a changed specification; who is there stays counted. */
  configure(spec: ProtectedListener, maxConnections: number): void {
    this.#proxies = networks(spec.proxyProtocol?.from ?? []);
    this.#allow = networks(spec.allow);
    this.#maxConnections = maxConnections;
    this.#maxPerSource = spec.maxConnectionsPerSource;
  }

  /** True if a connection from there begins with a PROXY protocol header, which says whom it is for. */
  isProxy(source: string): boolean {
    return this.#proxies !== undefined && contains(this.#proxies, source);
  }

  isFull(present: number): boolean {
    return present >= this.#maxConnections;
  }

  /** undefined: welcome. @param present connections of the listener */
  refuses(source: string, present: number): Refusal | undefined {
    if (this.#allow !== undefined && !contains(this.#allow, source)) return "not-allowed";
    if (this.isFull(present)) return "full";
    const ofSource = this.#present.get(source) ?? 0;
    return this.#maxPerSource > 0 && ofSource >= this.#maxPerSource ? "source-full" : undefined;
  }

  /** Counts a connection of this source, if they are limited. @returns whether {@link leave} must be called for it */
  enter(source: string): boolean {
    if (this.#maxPerSource === 0) return false;
    this.#present.set(source, (this.#present.get(source) ?? 0) + 1);
    return true;
  }

  leave(source: string): void {
    const left = (this.#present.get(source) ?? 0) - 1;
    if (left > 0) this.#present.set(source, left);
    else this.#present.delete(source);
  }
}

function networks(cidrs: readonly string[]): BlockList | undefined {
  return cidrs.length === 0 ? undefined : cidrList(cidrs.map(parseCidr));
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** `::ffff:192.0.2.1` is how a dual-stack socket shows an IPv4 client. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && address.includes(".") ? address.slice(7) : address;
}
