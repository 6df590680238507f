import { warningRow, warningsOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";
import { KERBEROS_FAULTS } from "../kerberos.ts";

/** What the administrator should know about a balancer's specification, though it runs. */
export const BALANCER_WARNINGS = {
  "listens-everywhere": warningRow<{ listener: string; bind: string }>({
    message: ({ listener, bind }) => ({
      en: `listener "${listener}" listens on every address (${bind}) and has no allow list: whoever reaches this host reaches Impala; limit it with --allow CIDR or --listen ADDRESS:PORT`,
      ja: `リスナー "${listener}" はすべてのアドレス (${bind}) で待ち受け、許可リストもありません。このホストに到達できる人は誰でも Impala に到達できます。--allow CIDR または --listen ADDRESS:PORT で制限してください`,
    }),
    example: { listener: "impala", bind: "0.0.0.0:10001" },
  }),
  "believes-all": warningRow<{ listener: string }>({
    message: ({ listener }) => ({
      en: `listener "${listener}" believes the PROXY protocol header of every address: name only the proxies in "from"`,
      ja: `リスナー "${listener}" はどのアドレスからの PROXY プロトコルヘッダーも信用します。"from" にはプロキシだけを指定してください`,
    }),
    example: { listener: "impala" },
  }),
  "no-weight": warningRow<{ listener: string }>({
    message: ({ listener }) => ({
      en: `every backend of listener "${listener}" has weight 0: none gets work`,
      ja: `リスナー "${listener}" のバックエンドはすべて重みが 0 のため、どれにも処理が割り当てられません`,
    }),
    example: { listener: "impala" },
  }),
  "kerberos-no-kdc": warningRow<{ listener: string; principal: string; reason: Text; detail: string }>({
    message: ({ listener, principal, reason, detail }) => ({
      en: `listener "${listener}": no ticket for ${principal} now: ${reason.en} (${detail}); Kerberos logins fail until there is one`,
      ja: `リスナー "${listener}": 現在 ${principal} のチケットを取得できません: ${reason.ja} (${detail})。取得できるまで Kerberos のログインは失敗します`,
    }),
    example: {
      listener: "impala",
      principal: "hue/hue1.example.com@EXAMPLE.COM",
      reason: KERBEROS_FAULTS["no-kdc"].reason,
      detail: "Cannot contact any KDC for realm 'EXAMPLE.COM'",
    },
  }),
  "impalad-twice": warningRow<{ kept: string; dropped: string; address: string | undefined }>({
    message: ({ kept, dropped, address }) => ({
      en: `${dropped} is the same Impalad as ${kept}${address === undefined ? "" : ` (${address})`}: it is used once, as ${kept}`,
      ja: `${dropped} は ${kept} と同じ Impalad です${address === undefined ? "" : ` (${address})`}。${kept} として 1 回だけ使います`,
    }),
    example: { kept: "node1.example.com:21050", dropped: "10.0.0.1:21050", address: "10.0.0.1" },
  }),
  "backend-twice": warningRow<{
    listener: string;
    kept: string;
    dropped: string;
    address: string | undefined;
  }>({
    message: ({ listener, kept, dropped, address }) => ({
      en: `listener "${listener}": backend ${dropped} is the same Impalad as ${kept}${address === undefined ? "" : `, ${address}`}: it is used once, as ${kept}; remove the other`,
      ja: `リスナー "${listener}": バックエンド ${dropped} は ${kept} と同じ Impalad です${address === undefined ? "" : ` (${address})`}。${kept} として 1 回だけ使います。もう一方を削除してください`,
    }),
    example: {
      listener: "impala",
      kept: "i1 (node1:21050)",
      dropped: "i2 (NODE1:21050)",
      address: undefined,
    },
  }),
  unresolvable: warningRow<{ backend: string; host: string; reason: Text }>({
    message: ({ backend, host, reason }) => ({
      en: `backend ${backend}: ${host} does not resolve (${reason.en}); it gets no work until it does`,
      ja: `バックエンド ${backend}: ${host} の名前解決に失敗しました: ${reason.ja}。解決できるまで処理は割り当てられません`,
    }),
    example: {
      backend: "impala/a",
      host: "server1.example.com",
      reason: {
        en: "getaddrinfo ENOTFOUND server1.example.com",
        ja: "名前が見つかりません (getaddrinfo ENOTFOUND server1.example.com)",
      },
    },
  }),
  descriptors: warningRow<{
    listener: string;
    allowed: number;
    wanted: number;
    needed: number;
    limit: number;
  }>({
    message: ({ listener, allowed, wanted, needed, limit }) => ({
      en:
        `listener "${listener}" may hold ${allowed} connections instead of ${wanted}: ` +
        `${needed} descriptors would be needed, ${limit} are allowed (raise LimitNOFILE or ulimit -n)`,
      ja:
        `リスナー "${listener}" の接続数は ${wanted} ではなく ${allowed} に制限されます。` +
        `ファイルディスクリプターが ${needed} 個必要ですが、上限は ${limit} 個です (LimitNOFILE または ulimit -n を上げてください)`,
    }),
    example: { listener: "impala", allowed: 300, wanted: 1000, needed: 4060, limit: 1024 },
  }),
} as const;

export const balancerWarning = warningsOf(BALANCER_WARNINGS);
