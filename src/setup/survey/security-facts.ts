import type { SecurityFacts } from "../../cloudera/discovery/advice.ts";
import type { ClusterFacts } from "../../cloudera/discovery/facts.ts";
import type { HueSecurity } from "../../hue/effective.ts";

/**
 * What Cloudera Manager tells of the cluster and what Hue reads, as one: Hue's own files have the last word on how Hue
 * logs in, and either of them on TLS. Pure.
 */
export function securityFacts(
  cluster: ClusterFacts | undefined,
  hue: HueSecurity | undefined,
): SecurityFacts {
  const { kerberos = false, impalaTls = false, ldap = false, ...others } = cluster ?? {};
  return {
    ...others,
    // A password in Hue's files means that Hue asks for no ticket, whatever else the cluster has.
    kerberos:
      hue?.login === "kerberos" ? true : hue?.login === "plain" && kerberos === true ? false : kerberos,
    impalaTls: impalaTls || hue?.tls !== undefined,
    ldap,
    ...(hue?.tls === undefined ? {} : { hueValidates: hue.tls.validate }),
    ...(hue === undefined ? {} : { service: hue.service }),
    ...(hue?.keytab === undefined ? {} : { keytab: hue.keytab }),
  };
}

/** Hue's connections need tickets or certificates, which are made for names. */
export function isSecured({ kerberos, impalaTls, hueValidates }: SecurityFacts): boolean {
  return kerberos === true || (impalaTls && hueValidates !== false);
}
