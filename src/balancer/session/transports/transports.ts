import { SPOKEN } from "../../../messages/routing.ts";
import { http, tls } from "./not-thrift.ts";
import { saslGssapi } from "./sasl-gssapi.ts";
import { saslPlain } from "./sasl-plain.ts";
import { thrift } from "./thrift.ts";
import type { Transport } from "./transport.ts";

/** Whatever no other row recognises. */
export const unknown: Transport = {
  name: "unknown",
  title: SPOKEN.unknown,
  recognises: () => true,
};

/** Every transport, in the order in which they are told of. */
export const TRANSPORTS: readonly Transport[] = [thrift, saslPlain, saslGssapi, tls, http, unknown];

const ROWS = TRANSPORTS.filter((each) => each !== unknown);

/** The row of a name. */
export function transportOf(name: string): Transport {
  return TRANSPORTS.find((each) => each.name === name) ?? unknown;
}

/**
 * What a client speaks, by its first bytes.
 * @returns undefined while more bytes are needed; at most 25 are
 */
export function recognise(head: Uint8Array): Transport | undefined {
  let open = false;
  for (const row of ROWS) {
    const recognised = row.recognises(head);
    if (recognised === true) return row;
    open ||= recognised === undefined;
  }
  return open ? undefined : unknown;
}
