import { warningRow, warningsOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

/** What a plan will not change, and the administrator should. */
export const PLAN_WARNINGS = {
  overridden: warningRow<{ place: string; setting: string; value: string; path: string }>({
    message: ({ place, setting, value, path }) => ({
      en: `${place} sets ${setting} to ${value} and wins over ${path}; remove it there`,
      ja: `${place} の ${setting} = ${value} が ${path} より優先されます。${place} から削除してください`,
    }),
    example: {
      place: "/etc/hue/conf/zzz.ini:2",
      setting: "[impala] server_host",
      value: "old.example.com",
      path: "/etc/hue/conf/hue.ini",
    },
  }),
  "default-not-better": warningRow<{
    place: string;
    setting: string;
    value: string;
    byDefault: string;
    flag: string;
  }>({
    message: ({ place, setting, value, byDefault, flag }) => ({
      en: `${place} sets ${setting} to ${value}, which stays: the default of ${byDefault} is no better (${flag} sets another)`,
      ja: `${place} の ${setting} = ${value} はそのままにします。既定値の ${byDefault} より劣りません (変更するには ${flag})`,
    }),
    example: {
      place: "/etc/hue/conf/hue.ini:815",
      setting: "[impala] server_conn_timeout",
      value: "43200",
      byDefault: "3600",
      flag: "--server-conn-timeout",
    },
  }),
  "broken-sibling": warningRow<{ place: string; reason: string }>({
    message: ({ place, reason }) => ({
      en: `${place}: ${reason}; Hue reads this file too and will not start with it`,
      ja: `${place}: ${reason} (Hue はこのファイルも読むため、このままでは起動しません)`,
    }),
    example: { place: "/etc/hue/conf/zzz.ini:1", reason: "Parse error in value at line 1." },
  }),
  "role-valve-wins": warningRow<{ valve: string }>({
    message: ({ valve }) => ({
      en: `${valve} sets [impala] itself and wins over the service's safety valve, so it is the one that is edited`,
      ja: `${valve} に [impala] の設定があり、サービスの安全バルブより優先されるため、こちらを編集します`,
    }),
    example: { valve: "cloudera-manager/Cluster%201/hue/hue-HUE_SERVER-BASE/hue_server_hue_safety_valve" },
  }),
  "not-ours": warningRow<{ path: string; edited: boolean }>({
    message: ({ path, edited }) => ({
      en: `${path} was ${edited ? "changed by hand" : "not made by hue-impala-setup"}; it is replaced as a whole, and its backup keeps what stands there now`,
      ja: `${path} は${edited ? "手作業で変更されています" : " hue-impala-setup が作成したものではありません"}。全体を置き換え、現在の内容はバックアップに残します`,
    }),
    example: { path: "/etc/impala/haproxy-impala.conf", edited: true },
  }),
  "balancer-silent": warningRow<{ silence: Text }>({
    message: ({ silence }) => silence,
    example: {
      silence: {
        en: "nobody listens on lb.example.com:10001 yet; check the balancer",
        ja: "lb.example.com:10001 で待ち受けるものがまだありません。ロードバランサーを確認してください",
      },
    },
  }),
} as const;

export const planWarning = warningsOf(PLAN_WARNINGS);

/** That nobody listens where Hue is to connect. `command`: what starts the balancer, if we know. */
export function silence(address: string, command: string | undefined): Text {
  return command === undefined
    ? {
        en: `nobody listens on ${address} yet; check the balancer`,
        ja: `${address} で待ち受けるものがまだありません。ロードバランサーを確認してください`,
      }
    : {
        en: `nobody listens on ${address} yet; start it first: ${command}`,
        ja: `${address} で待ち受けるものがまだありません。先に起動してください: ${command}`,
      };
}
