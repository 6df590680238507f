import * as v from "valibot";
import { parseCidr } from "../../domain/cidr.ts";
import { parseEndpoint } from "../../domain/endpoint.ts";
import { SPEC_RULES } from "../../messages/failures/balancer/spec.ts";

/** Thirty days: longer waits are mistakes of unit (milliseconds for seconds). */
const LONGEST = 30 * 86_400;

/** What a schema yields, as the balancer reads it: nobody changes a specification in place. */
export type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** 0 or more; 0 has a meaning of its own wherever it is allowed. */
export const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(LONGEST));
export const moreThanZero = v.pipe(v.number(), v.gtValue(0), v.maxValue(LONGEST));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000));
export const atLeastOne = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000));
export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));

/** Fits a label of Prometheus, a name of HAProxy's and `FileDescriptorName=` of systemd. */
export const name = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.:-]{1,63}$/, SPEC_RULES.name.en));

/** `HOST:PORT`, an IPv6 address in brackets; port 0 lets the system choose. */
export const endpoint = v.pipe(v.string(), v.check(readable(parseEndpoint), SPEC_RULES.endpoint.en));

/** A network in CIDR notation, or one address. */
export const network = v.pipe(
  v.string(),
  v.check(readable(parseCidr), SPEC_RULES.network.en),
  v.examples(["10.0.0.0/8", "fd00::/8"]),
);

function readable(read: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      read(text);
      return true;
    } catch {
      return false;
    }
  };
}
