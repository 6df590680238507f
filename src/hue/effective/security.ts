import { isOn } from "./booleans.ts";
import type { Located } from "./conf-file.ts";
import type { LookUp, SectionNames } from "./merge.ts";

/** How Hue logs in to Impala: not at all, with a password (SASL PLAIN), or with Kerberos (SASL GSSAPI). */
export type HueLogin = "none" | "plain" | "kerberos";

/** What Hue's configuration says about the security of its connections to Impala, with Hue's own defaults. */
export interface HueSecurity {
  /** Thrift over HTTP instead of a plain socket. */
  readonly http: boolean;
  readonly login: HueLogin;
  /** Absent: no TLS. */
  readonly tls?: {
    /** The authorities that Hue believes; absent: those of its Python. */
    readonly caFile?: string;
    /** Hue refuses a certificate that does not hold `server_host`. */
    readonly validate: boolean;
  };
  /** First part of `impala_principal`: with `server_host` it makes the name that Hue asks a ticket for. */
  readonly service: string;
  /** Hue's own keytab and principal, if its configuration names them. */
  readonly keytab?: string;
  readonly principal?: string;
}

/** Hue's default for `impala_principal` begins with it. */
const IMPALA = "impala";

/**
 * As Hue decides it (apps/impala/src/impala/conf.py, desktop/conf.py, `get_security` of hive_server2_lib.py): a
 * password means SASL PLAIN; `use_sasl`, from Hue 4.5 on, has the last word, and by default it is on with Kerberos or a
 * password. Pure.
 */
export function hueSecurity(lookUp: LookUp, sectionNames: SectionNames): HueSecurity {
  const text = (section: readonly string[], key: string): string | undefined =>
    textOf(lookUp(section, key)?.value);
  const password = hasPassword(text);
  const useSasl = lookUp(["impala"], "use_sasl");
  const secured =
    useSasl === undefined ? password || isKerberized(lookUp, sectionNames) : isOn(useSasl.value);
  const keytab = text(["desktop", "kerberos"], "hue_keytab");
  const principal = text(["desktop", "kerberos"], "hue_principal");
  return {
    http: isOn(lookUp(["impala"], "use_thrift_http")?.value),
    login: !secured ? "none" : password ? "plain" : "kerberos",
    ...tlsOf(lookUp, text),
    service: text(["impala"], "impala_principal")?.split("/")[0] || IMPALA,
    ...(keytab === undefined ? {} : { keytab }),
    ...(principal === undefined ? {} : { principal }),
  };
}

type ReadText = (section: readonly string[], key: string) => string | undefined;

/**
 * The keys of [impala] come first, those of [desktop] are inherited. A user's name in [impala] alone means that the
 * password comes from Hue's environment; one in [desktop] is there in many files that use no password at all.
 */
function hasPassword(text: ReadText): boolean {
  const named = (section: string, ...keys: readonly string[]): boolean =>
    keys.some((key) => text([section], key) !== undefined);
  return (
    named("impala", "auth_username", "auth_password", "auth_password_script") ||
    named("desktop", "auth_password", "auth_password_script", "ldap_password", "ldap_password_script")
  );
}

/**
 * Hue asks the cluster that jobs are submitted to. Where no file says anything of it, Hue's keytab and HDFS tell that
 * the cluster has Kerberos.
 */
function isKerberized(lookUp: LookUp, sectionNames: SectionNames): boolean {
  const said = jobCluster(lookUp, sectionNames);
  if (said !== undefined) return isOn(said.value);
  const hdfs = sectionNames(["hadoop", "hdfs_clusters"]).some((name) =>
    isOn(lookUp(["hadoop", "hdfs_clusters", name], "security_enabled")?.value),
  );
  return hdfs || textOf(lookUp(["desktop", "kerberos"], "hue_keytab")?.value) !== undefined;
}

/** `security_enabled` of the first cluster with `submit_to`: YARN before MapReduce 1 (hadoop/cluster.py). */
function jobCluster(lookUp: LookUp, sectionNames: SectionNames): Located<string | string[]> | undefined {
  for (const kind of ["yarn_clusters", "mapred_clusters"]) {
    const name = sectionNames(["hadoop", kind]).find((each) =>
      isOn(lookUp(["hadoop", kind, each], "submit_to")?.value),
    );
    if (name !== undefined) return lookUp(["hadoop", kind, name], "security_enabled");
  }
  return undefined;
}

function tlsOf(lookUp: LookUp, text: ReadText): Pick<HueSecurity, "tls"> {
  if (!isOn(lookUp(["impala", "ssl"], "enabled")?.value)) return {};
  const validate = lookUp(["impala", "ssl"], "validate") ?? lookUp(["desktop"], "ssl_validate");
  const caFile = text(["impala", "ssl"], "cacerts") ?? text(["desktop"], "ssl_cacerts");
  return {
    tls: {
      ...(caFile === undefined ? {} : { caFile }),
      validate: validate === undefined || isOn(validate.value),
    },
  };
}

/** Hue takes an empty value, too, for none. */
function textOf(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
