import { isOn } from "./booleans.ts";
import type { LookUp } from "./merge.ts";

/** How Hue talks to Impala: plain Thrift, SASL PLAIN (LDAP), SASL GSSAPI (Kerberos), TLS or Thrift over HTTP. */
export type HueTransport = "thrift" | "sasl-plain" | "sasl-gssapi" | "tls" | "http";

/**
 * What Hue will speak to Impala with this configuration, as far as the files tell. TLS and HTTP wrap whatever is
 * inside, so they are named first. Pure.
 */
export function expectedTransport(lookUp: LookUp): HueTransport {
  const on = (section: readonly string[], key: string): boolean => isOn(lookUp(section, key)?.value);
  const given = (section: readonly string[], key: string): boolean => {
    const value = lookUp(section, key)?.value;
    return typeof value === "string" && value !== "";
  };
  if (on(["impala", "ssl"], "enabled")) return "tls";
  if (on(["impala"], "use_thrift_http")) return "http";
  if (given(["impala"], "auth_username") || given(["impala"], "auth_password")) return "sasl-plain";
  const kerberos =
    given(["desktop", "kerberos"], "hue_keytab") ||
    on(["hadoop", "hdfs_clusters", "default"], "security_enabled");
  return kerberos ? "sasl-gssapi" : "thrift";
}
