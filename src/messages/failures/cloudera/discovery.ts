import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** What is chosen among several, and where they come from. */
interface Among {
  readonly what: Text;
  readonly where: Text;
}

const AMONG: Among = {
  what: { en: "Hue service", ja: "Hue サービス" },
  where: { en: 'cluster "c1"', ja: 'クラスター "c1"' },
};

/** The words of a question. */
export const CHOICE = {
  cluster: { en: "cluster", ja: "クラスター" },
  service: (type: "Hue" | "Impala"): Text => ({ en: `${type} service`, ja: `${type} サービス` }),
  inManager: (url: string): Text => ({
    en: `Cloudera Manager at ${url}`,
    ja: `Cloudera Manager (${url})`,
  }),
  inCluster: (name: string): Text => ({ en: `cluster "${name}"`, ja: `クラスター "${name}"` }),
} as const;

interface Several extends Among {
  /** Names, with display names where they differ. */
  readonly labels: readonly string[];
  /** The same as they are given on the command line: `--cluster 'Cluster 1'`. */
  readonly flags: readonly string[];
}

const several = {
  kind: "settings",
  message: ({ what, where, labels }: Several): Text => ({
    en: `${where.en} has ${labels.length} candidates for the ${what.en}: ${listed(labels, ", ")}`,
    ja: `${where.ja} には${what.ja}の候補が ${labels.length} 個あります: ${listed(labels, "、")}`,
  }),
  hint: ({ flags }: Several): Text => ({
    en: `choose one: ${flags.join(" | ")}`,
    ja: `どれかを選んでください: ${flags.join(" | ")}`,
  }),
  example: {
    ...AMONG,
    labels: ["hue", "hue2 (Analysts)"],
    flags: ["--hue-service hue", "--hue-service hue2"],
  },
} as const;

interface Unknown extends Among {
  readonly wanted: string;
  readonly labels: readonly string[];
  /** A similar one, as it is given on the command line. */
  readonly near: string | undefined;
}

const unknown = {
  kind: "settings",
  message: ({ what, where, wanted }: Unknown): Text => ({
    en: `${where.en} has no ${what.en} "${wanted}"`,
    ja: `${where.ja} に${what.ja} "${wanted}" はありません`,
  }),
  hint: ({ what, labels, near }: Unknown): Text => {
    if (near !== undefined) return { en: `did you mean ${near}?`, ja: `${near} ではありませんか?` };
    if (labels.length === 0) {
      return { en: `it has no ${what.en} at all`, ja: `${what.ja}が 1 つもありません` };
    }
    return { en: `it has: ${listed(labels, ", ")}`, ja: `あるもの: ${listed(labels, "、")}` };
  },
  example: { ...AMONG, wanted: "analysts", labels: ["hue"], near: undefined },
} as const;

const none = {
  kind: "settings",
  message: ({ what, where }: Among): Text => ({
    en: `${where.en} has no ${what.en}`,
    ja: `${where.ja} に${what.ja}がありません`,
  }),
  hint: {
    en: "check the URL and that the account may see it; without Cloudera Manager, list the impalads with --impalad",
    ja: "URL と、アカウントに参照権限があることを確認してください。Cloudera Manager を使わない場合は impalad を --impalad で列挙してください",
  },
  example: AMONG,
} as const;

/** Which balancer Impala knows, where the cluster uses Kerberos. */
export const KERBEROS_WITHOUT = {
  none: {
    en: "Impala has no load balancer set: impalads would refuse every connection that comes through one",
    ja: "Impala にロードバランサーが設定されていません。impalad はロードバランサー経由の接続をすべて拒否します",
  },
  groups: (groups: readonly string[]): Text => ({
    en: `the impalads of ${groups.join(", ")} have no load balancer set: they would refuse every connection that comes through one`,
    ja: `${groups.join("、")} の impalad にロードバランサーが設定されていません。ロードバランサー経由の接続をすべて拒否します`,
  }),
  flags: (hosts: readonly string[], some: boolean): Text => ({
    en: `flags in the safety valve make impalads take tickets of ${hosts.join(", ")}${some ? ", and not all of them" : ""}`,
    ja: `安全バルブのフラグにより、${some ? "一部の " : ""}impalad が受け付けるのは ${hosts.join("、")} のチケットです`,
  }),
  other: (hosts: readonly string[], wanted: string): Text => ({
    en: `Impala's load balancer is ${hosts.join(", ")}, not ${wanted}: impalads would refuse connections through ${wanted}`,
    ja: `Impala のロードバランサーは ${hosts.join("、")} であり ${wanted} ではありません。impalad は ${wanted} 経由の接続を拒否します`,
  }),
} as const;

/** What is wrong with a choice, or with balancing this cluster. */
export const CLOUDERA_DISCOVERY_FAILURES = {
  "choose-cluster": failureRow<Several>(several),
  "choose-service": failureRow<Several>(several),
  "unknown-cluster": failureRow<Unknown>(unknown),
  "unknown-service": failureRow<Unknown>(unknown),
  "no-cluster": failureRow<Among>(none),
  "no-service": failureRow<Among>(none),
  "kerberos-needs-host-name": failureRow<{ host: string }>({
    kind: "settings",
    message: ({ host }) => ({
      en: `the cluster uses Kerberos, and ${host} is an address: tickets are issued for host names`,
      ja: `クラスターは Kerberos を使っていますが、${host} はアドレスです。チケットはホスト名に対して発行されます`,
    }),
    hint: {
      en: "give the balancer's full host name with --server-host",
      ja: "ロードバランサーの完全なホスト名を --server-host で指定してください",
    },
    example: { host: "10.0.0.5" },
  }),
  "kerberos-flags-name-another": failureRow<{ reason: Text; host: string | undefined }>({
    kind: "settings",
    message: ({ reason }) => ({
      en: `the cluster uses Kerberos, and ${reason.en}`,
      ja: `クラスターは Kerberos を使っています。${reason.ja}`,
    }),
    hint: ({ host }) => ({
      en: `name the host of that principal with --server-host, or take --principal and --be_principal out of the safety valve (they win over Impala Daemons Load Balancer) and run again${host === undefined ? "" : `; clients would ask for impala/${host}`}`,
      ja: `そのプリンシパルのホストを --server-host で指定するか、安全バルブから --principal と --be_principal を取り除いて (「Impala Daemons Load Balancer」より優先されます) もう一度実行してください${host === undefined ? "" : `。クライアントは impala/${host} を要求します`}`,
    }),
    example: { reason: KERBEROS_WITHOUT.flags(["old.example.com"], false), host: "lb.example.com" },
  }),
  "kerberos-without-keytab": failureRow<{ principal: string; keytab: string | undefined }>({
    kind: "settings",
    message: ({ principal }) => ({
      en: `Hue logs in with Kerberos and would ask for a ticket of ${principal}, whose key no Impalad is known to have: its logins would fail`,
      ja: `Hue は Kerberos でログインし、${principal} のチケットを要求します。その鍵を持つ Impalad が確認できないため、ログインは失敗します`,
    }),
    hint: ({ keytab }) => ({
      en: `give the bundled balancer Hue's keytab with --kerberos-keytab${keytab === undefined ? " FILE" : ` (Hue's configuration names ${keytab}, which cannot be read here)`}, or, if the Impalads have the key of another name, that name with --server-host`,
      ja: `付属のロードバランサーに Hue の keytab を --kerberos-keytab${keytab === undefined ? " FILE" : ` で指定する (Hue の設定にある ${keytab} はここでは読めません)`}か、Impalad が別の名前の鍵を持つ場合はその名前を --server-host で指定してください`,
    }),
    example: { principal: "impala/hue1.example.com", keytab: "/etc/hue/hue.keytab" },
  }),
  "tls-needs-host-name": failureRow<{ host: string }>({
    kind: "settings",
    message: ({ host }) => ({
      en: `Hue verifies certificates ([impala] [[ssl]] validate), and ${host} is no name that a certificate holds: its connections would fail`,
      ja: `Hue は証明書を検証しますが ([impala] [[ssl]] validate)、${host} は証明書に含まれる名前ではないため、接続は失敗します`,
    }),
    hint: {
      en: "give the balancer's full host name with --server-host",
      ja: "ロードバランサーの完全なホスト名を --server-host で指定してください",
    },
    example: { host: "10.0.0.5" },
  }),
  "tls-without-certificate": failureRow<{ host: string }>({
    kind: "settings",
    message: ({ host }) => ({
      en: `Hue speaks TLS with Impala and verifies certificates, and no certificate is known that holds ${host}: its connections would fail`,
      ja: `Hue は Impala と TLS で通信して証明書を検証しますが、${host} を含む証明書が見つからないため、接続は失敗します`,
    }),
    hint: ({ host }) => ({
      en: `write "tls", with a certificate whose subjectAltName holds DNS:${host}, and "backendTls" into the specification; or, if every Impalad's certificate holds another name of the balancer, that name with --server-host`,
      ja: `subjectAltName に DNS:${host} を含む証明書を指定した "tls" と、"backendTls" を仕様に書くか、全 Impalad の証明書がロードバランサーの別の名前を含む場合はその名前を --server-host で指定してください`,
    }),
    example: { host: "hue1.example.com" },
  }),
  "kerberos-without-proxy-principal": failureRow<{
    reason: Text;
    host: string | undefined;
    port: number | undefined;
  }>({
    kind: "settings",
    message: ({ reason }) => ({
      en: `the cluster uses Kerberos, and ${reason.en}`,
      ja: `クラスターは Kerberos を使っています。${reason.ja}`,
    }),
    hint: ({ host, port }) => ({
      en: `set impalad_load_balancer ("Impala Daemons Load Balancer") to ${host === undefined ? "the balancer's HOST:PORT" : `${host}:${port ?? "PORT"}`} (--set-impala-load-balancer does it) and restart Impala, so that impalads get the principal impala/${host ?? "BALANCER_HOST"}`,
      ja: `impalad_load_balancer (「Impala Daemons Load Balancer」) に ${host === undefined ? "ロードバランサーの HOST:PORT" : `${host}:${port ?? "PORT"}`} を設定し (--set-impala-load-balancer で設定できます)、Impala を再起動してください。impalad がプリンシパル impala/${host ?? "BALANCER_HOST"} を持つようになります`,
    }),
    example: { reason: KERBEROS_WITHOUT.none, host: "lb.example.com", port: 21050 },
  }),
} as const;

function listed(names: readonly string[], separator: string): string {
  return names.map((name) => `"${name}"`).join(separator);
}

export const clouderaDiscoveryFailure = failuresOf(CLOUDERA_DISCOVERY_FAILURES);
