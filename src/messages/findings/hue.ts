import { findingRow, findingsOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

const SPREADS = {
  en: "several Hue hosts spread over several Impalads; nothing else needs to be done",
  ja: "Hue のホストが複数あれば複数の Impalad に分散します。ほかに必要な作業はありません",
};

/** What Hue reads, from files or safety valves. `place` is `file:line`. */
export const HUE_FINDINGS = {
  managed: findingRow<{ path: string; signs: Text }>({
    check: "managed",
    status: "problem",
    message: ({ path, signs }) => ({
      en: `${path} is not what Hue reads: ${signs.en}`,
      ja: `Hue が読むのは ${path} ではありません: ${signs.ja}`,
    }),
    remedy: {
      en: "give --cm-url: the doctor then looks at Hue's safety valves",
      ja: "--cm-url を指定してください。Hue の安全バルブを調べます",
    },
    example: {
      path: "/etc/hue/hue.ini",
      signs: {
        en: "/etc/cloudera-scm-agent/config.ini exists",
        ja: "/etc/cloudera-scm-agent/config.ini があります",
      },
    },
  }),
  "hue-ini-missing": findingRow<{ path: string }>({
    check: "hue-ini",
    status: "problem",
    message: ({ path }) => ({ en: `${path} does not exist`, ja: `${path} がありません` }),
    remedy: { en: "name the hue.ini that Hue reads", ja: "Hue が読む hue.ini を指定してください" },
    example: { path: "/etc/hue/hue.ini" },
  }),
  "hue-unreadable": findingRow<{ reason: Text; hint: Text | undefined }>({
    check: "hue-reads",
    status: "problem",
    message: ({ reason }) => reason,
    remedy: ({ hint }) => hint,
    example: {
      reason: { en: "/etc/hue/conf is not a folder", ja: "/etc/hue/conf はフォルダーではありません" },
      hint: { en: "name the hue.ini that Hue reads", ja: "Hue が読む hue.ini を指定してください" },
    },
  }),
  "hue-does-not-start": findingRow<{ place: string; reason: string }>({
    check: "hue-reads",
    status: "problem",
    message: ({ place, reason }) => ({
      en: `${place}: ${reason}; Hue does not start with this`,
      ja: `${place}: ${reason} (この状態では Hue は起動しません)`,
    }),
    remedy: { en: "correct the line", ja: "その行を修正してください" },
    example: { place: "/etc/hue/conf/zzz.ini:1", reason: "Parse error in value at line 1." },
  }),
  "setting-unset": findingRow<{
    key: string;
    label: string;
    status: "warning" | "problem";
    consequence: Text;
    remedy: Text;
  }>({
    check: ({ key }) => checkOf(key),
    status: ({ status }) => status,
    message: ({ label, consequence }) => ({
      en: `${label} is not set: ${consequence.en}`,
      ja: `${label} が設定されていません: ${consequence.ja}`,
    }),
    remedy: ({ remedy }) => remedy,
    example: {
      key: "server_host",
      label: "[impala] server_host",
      status: "problem",
      consequence: { en: "Hue connects to localhost", ja: "Hue は localhost に接続します" },
      remedy: { en: "run hue-impala-setup", ja: "hue-impala-setup を実行してください" },
    },
  }),
  "setting-set": findingRow<{ key: string; value: string; place: string }>({
    check: ({ key }) => checkOf(key),
    status: "ok",
    message: ({ key, value, place }) => ({
      en: `${key} = ${value} (${place})`,
      ja: `${key} = ${value} (${place})`,
    }),
    example: { key: "server_port", value: "10001", place: "/etc/hue/hue.ini:812" },
  }),
  "setting-poor": findingRow<{
    key: string;
    value: string;
    place: string;
    consequence: Text;
    remedy: Text;
  }>({
    check: ({ key }) => checkOf(key),
    status: "warning",
    message: ({ key, value, place, consequence }) => ({
      en: `${key} = ${value} (${place}): ${consequence.en}`,
      ja: `${key} = ${value} (${place}): ${consequence.ja}`,
    }),
    remedy: ({ remedy }) => remedy,
    example: {
      key: "server_conn_timeout",
      value: "120",
      place: "/etc/hue/hue.ini:815",
      consequence: { en: "longer calls fail", ja: "これより長い呼び出しは失敗します" },
      remedy: {
        en: "set it to 3600 with hue-impala-setup",
        ja: "hue-impala-setup で 3600 に設定してください",
      },
    },
  }),
  transport: findingRow<{ transport: Text }>({
    check: "transport",
    status: "ok",
    message: ({ transport }) => ({
      en: `Hue speaks ${transport.en}: its calls can be routed by session`,
      ja: `Hue の通信方式は ${transport.ja} です。呼び出しをセッションごとに振り分けられます`,
    }),
    example: { transport: { en: "plain Thrift", ja: "Thrift (認証も暗号化もなし)" } },
  }),
  "transport-opaque": findingRow<{ transport: Text }>({
    check: "transport",
    status: "warning",
    message: ({ transport }) => ({
      en: `Hue speaks ${transport.en}: its calls cannot be routed by session, so each Hue host keeps to one Impalad`,
      ja: `Hue の通信方式は ${transport.ja} です。セッションごとの振り分けができないため、Hue のホストごとに 1 つの Impalad を使い続けます`,
    }),
    remedy: SPREADS,
    example: { transport: { en: "TLS", ja: "TLS" } },
  }),
  "transport-without-keytab": findingRow<{ transport: Text }>({
    check: "transport",
    status: "warning",
    message: ({ transport }) => ({
      en: `Hue speaks ${transport.en}, and the balancer has no keytab: its calls cannot be routed by session, so each Hue host keeps to one Impalad`,
      ja: `Hue の通信方式は ${transport.ja} ですが、ロードバランサーに keytab がありません。セッションごとの振り分けができないため、Hue のホストごとに 1 つの Impalad を使い続けます`,
    }),
    remedy: {
      en: "give the bundled balancer Hue's keytab: hue-impala-setup --kerberos-keytab FILE",
      ja: "付属のロードバランサーに Hue の keytab を指定してください: hue-impala-setup --kerberos-keytab FILE",
    },
    example: { transport: { en: "Kerberos (SASL GSSAPI)", ja: "Kerberos (SASL GSSAPI)" } },
  }),
  "server-host-unresolved": findingRow<{ host: string }>({
    check: "server-host-name",
    status: "problem",
    message: ({ host }) => ({
      en: `${host} does not resolve here`,
      ja: `このホストでは ${host} の名前解決ができません`,
    }),
    remedy: {
      en: "put the name into the DNS or /etc/hosts of Hue's hosts",
      ja: "Hue のホストの DNS か /etc/hosts に名前を登録してください",
    },
    example: { host: "hue1.example.com" },
  }),
  "server-host-reverse": findingRow<{ host: string; address: string; reverse: string | undefined }>({
    check: "server-host-name",
    status: "warning",
    message: ({ host, address, reverse }) => ({
      en: `${host} leads to ${address}, which is called ${reverse ?? "nothing"}: a Kerberos library that looks names up both ways (rdns in krb5.conf) asks for another ticket`,
      ja: `${host} は ${address} に解決されますが、その逆引きは${reverse === undefined ? "できません" : ` ${reverse} です`}。逆引きを行う Kerberos ライブラリー (krb5.conf の rdns) は別のチケットを要求します`,
    }),
    remedy: {
      en: "make the address lead back to the name, or set rdns = false in krb5.conf",
      ja: "逆引きが同じ名前になるようにするか、krb5.conf で rdns = false を設定してください",
    },
    example: { host: "hue1.example.com", address: "10.0.0.7", reverse: "node7.example.com" },
  }),
  "server-host-both-ways": findingRow<{ host: string; address: string }>({
    check: "server-host-name",
    status: "ok",
    message: ({ host, address }) => ({
      en: `${host} leads to ${address}, and back`,
      ja: `${host} と ${address} は正引きと逆引きが一致しています`,
    }),
    example: { host: "hue1.example.com", address: "10.0.0.7" },
  }),
} as const;

export const hueFinding = findingsOf(HUE_FINDINGS);

/** `server_host` → `server-host`. */
function checkOf(key: string): string {
  return key.replaceAll("_", "-");
}
