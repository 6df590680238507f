import { type ConfigObjTree, isSection } from "../configobj/tree.ts";
import { type ConfFile, parseFiles } from "./conf-file.ts";

/** How Hue talks to Impala: plain Thrift, SASL PLAIN (LDAP), SASL GSSAPI (Kerberos), TLS or Thrift over HTTP. */
export type HueTransport = "thrift" | "sasl-plain" | "sasl-gssapi" | "tls" | "http";

/**
 * What Hue will speak to Impala with this configuration, as far as the files tell (in Hue's order, later ones win). TLS and
 * HTTP wrap whatever is inside, so they are named first. Pure.
 */
export function expectedTransport(files: readonly ConfFile[]): HueTransport {
  const trees = parseFiles(files).parsed.map(({ document }) => document.root.tree);
  const value = (...path: string[]): string => last(trees.map((tree) => textAt(tree, path)));
  if (isOn(value("impala", "ssl", "enabled"))) return "tls";
  if (isOn(value("impala", "use_thrift_http"))) return "http";
  if (value("impala", "auth_username") !== "" || value("impala", "auth_password") !== "") return "sasl-plain";
  const kerberos =
    value("desktop", "kerberos", "hue_keytab") !== "" ||
    isOn(value("hadoop", "hdfs_clusters", "default", "security_enabled"));
  return kerberos ? "sasl-gssapi" : "thrift";
}

function last(values: readonly (string | undefined)[]): string {
  return values.findLast((value) => value !== undefined) ?? "";
}

function textAt(tree: ConfigObjTree, path: readonly string[]): string | undefined {
  const [name, ...rest] = path;
  const found = name === undefined ? undefined : tree[name];
  if (rest.length === 0) return typeof found === "string" ? found : undefined;
  return found !== undefined && isSection(found) ? textAt(found, rest) : undefined;
}

/** As Hue's `coerce_bool`. */
function isOn(value: string): boolean {
  return ["TRUE", "1", "YES", "ON", "YEA"].includes(value.toUpperCase());
}
