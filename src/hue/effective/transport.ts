import type { HueSecurity } from "./security.ts";

/** How Hue talks to Impala: plain Thrift, SASL PLAIN (LDAP), SASL GSSAPI (Kerberos), TLS or Thrift over HTTP. */
export type HueTransport = "thrift" | "sasl-plain" | "sasl-gssapi" | "tls" | "http";

const BY_LOGIN = { none: "thrift", plain: "sasl-plain", kerberos: "sasl-gssapi" } as const;

/** What Hue speaks on the wire. TLS and HTTP wrap whatever is inside, so they are named first. Pure. */
export function transportOf({ tls, http, login }: HueSecurity): HueTransport {
  if (tls !== undefined) return "tls";
  return http ? "http" : BY_LOGIN[login];
}
