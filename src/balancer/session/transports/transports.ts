import type { TransportName } from "../contract.ts";
import { http, tls } from "./not-thrift.ts";
import { saslGssapi } from "./sasl-gssapi.ts";
import { saslPlain } from "./sasl-plain.ts";
import { thrift } from "./thrift.ts";
import type { Transport } from "./transport.ts";

/** Whatever no other row recognises. */
export const unknown: Transport = {
  name: "unknown",
  title: "something other than HiveServer2",
  recognises: () => true,
};

/** Every transport, in the order in which they are told of. */
export const TRANSPORTS: Readonly<Record<TransportName, Transport>> = {
  thrift,
  "sasl-plain": saslPlain,
  "sasl-gssapi": saslGssapi,
  tls,
  http,
  unknown,
};

const ROWS = Object.values(TRANSPORTS).filter((each) => each !== unknown);

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
