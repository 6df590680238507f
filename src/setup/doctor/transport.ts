import type { ClusterFacts } from "../../cloudera/discovery/facts.ts";
import type { Finding } from "../../domain/finding.ts";
import { sameText, type Text } from "../../domain/text.ts";
import type { HueTransport } from "../../hue/effective.ts";
import { hueFinding } from "../../messages/findings/hue.ts";
import { SPOKEN } from "../../messages/routing.ts";

const TRANSPORTS: Readonly<Record<HueTransport, { readonly name: Text; readonly routable: boolean }>> = {
  thrift: { name: SPOKEN.thrift, routable: true },
  "sasl-plain": { name: sameText("SASL PLAIN (LDAP)"), routable: true },
  "sasl-gssapi": { name: sameText("Kerberos (SASL GSSAPI)"), routable: false },
  tls: { name: sameText("TLS"), routable: false },
  http: { name: { en: "Thrift over HTTP", ja: "HTTP 経由の Thrift" }, routable: false },
};

/**
 * Says in advance how the bundled balancer will treat Hue's connections: by session, or sticky by source. Pure.
 * @param kerberosEnd it has Hue's keytab
 */
export function examineTransport(transport: HueTransport, kerberosEnd = false): Finding {
  const { name, routable } = TRANSPORTS[transport];
  if (transport === "sasl-gssapi")
    return hueFinding(kerberosEnd ? "transport" : "transport-without-keytab", { transport: name });
  return hueFinding(routable ? "transport" : "transport-opaque", { transport: name });
}

/** What Cloudera Manager's facts say of the transport; the safety valve may add to it. */
export function transportOf(facts: ClusterFacts, fromValves: HueTransport): HueTransport {
  if (fromValves === "http" || fromValves === "tls") return fromValves;
  if (facts.impalaTls) return "tls";
  if (facts.kerberos === true) return "sasl-gssapi";
  return facts.ldap ? "sasl-plain" : fromValves;
}
