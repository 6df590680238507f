import type { ClusterFacts } from "../../cloudera/discovery/facts.ts";
import type { HueTransport } from "../../hue/effective/transport.ts";
import type { Finding } from "./finding.ts";

const NAMES: Readonly<Record<HueTransport, string>> = {
  thrift: "plain Thrift",
  "sasl-plain": "SASL PLAIN (LDAP)",
  "sasl-gssapi": "Kerberos (SASL GSSAPI)",
  tls: "TLS",
  http: "Thrift over HTTP",
};

/** Says in advance how the bundled balancer will treat Hue's connections: by session, or sticky by source. Pure. */
export function transportFinding(transport: HueTransport): Finding {
  const check = "transport";
  if (transport === "thrift" || transport === "sasl-plain") {
    return {
      check,
      status: "ok",
      message: `Hue speaks ${NAMES[transport]}: its calls can be routed by session`,
    };
  }
  return {
    check,
    status: "warning",
    message: `Hue speaks ${NAMES[transport]}: its calls cannot be routed by session, so each Hue host keeps to one Impalad`,
    remedy: "several Hue hosts spread over several Impalads; nothing else needs to be done",
  };
}

/** What Cloudera Manager's facts say of the transport; the safety valve may add to it. */
export function transportOf(facts: ClusterFacts, fromValves: HueTransport): HueTransport {
  if (fromValves === "http" || fromValves === "tls") return fromValves;
  if (facts.impalaTls) return "tls";
  if (facts.kerberos === true) return "sasl-gssapi";
  return facts.ldap ? "sasl-plain" : fromValves;
}
