import { warningRow, warningsOf } from "../../domain/catalogue.ts";

/** What the administrator should know about TLS in the balancer, though it works. */
export const TLS_WARNINGS = {
  "tls-expires-soon": warningRow<{ listener: string; path: string; date: string; days: number }>({
    message: ({ listener, path, date, days }) => ({
      en: `listener "${listener}": the certificate ${path} expires on ${date}, in ${days} days; the running balancer reads a renewed one by itself`,
      ja: `リスナー "${listener}": 証明書 ${path} は ${date} (あと ${days} 日) で期限切れになります。動作中のロードバランサーは更新された証明書を自動的に読み直します`,
    }),
    example: { listener: "impala", path: "/etc/pki/tls/certs/hue.pem", date: "2026-01-31", days: 12 },
  }),
  "tls-self-signed": warningRow<{ listener: string; path: string }>({
    message: ({ listener, path }) => ({
      en: `listener "${listener}": the certificate ${path} is self-signed: Hue accepts it only if this very certificate is among its cacerts`,
      ja: `リスナー "${listener}": 証明書 ${path} は自己署名です。Hue の cacerts にこの証明書そのものがある場合だけ受け入れられます`,
    }),
    example: { listener: "impala", path: "/etc/pki/tls/certs/hue.pem" },
  }),
  "tls-key-exposed": warningRow<{ listener: string; path: string }>({
    message: ({ listener, path }) => ({
      en: `listener "${listener}": every user of this host may read the private key ${path}: chmod o-rwx it`,
      ja: `リスナー "${listener}": 秘密鍵 ${path} はこのホストのすべてのユーザーが読み取れます。chmod o-rwx を実行してください`,
    }),
    example: { listener: "impala", path: "/etc/pki/tls/private/hue.key" },
  }),
  "tls-unverified": warningRow<{ listener: string }>({
    message: ({ listener }) => ({
      en: `listener "${listener}": verification of the Impalads' certificates is off ("verify": false in "backendTls"): anybody in between can read and change everything`,
      ja: `リスナー "${listener}": Impalad の証明書の検証が無効です ("backendTls" の "verify": false)。経路上の第三者がすべてを盗聴・改ざんできます`,
    }),
    example: { listener: "impala" },
  }),
  "tls-clear-text": warningRow<{ listener: string }>({
    message: ({ listener }) => ({
      en: `listener "${listener}": what clients send over TLS goes on to the Impalads in clear text ("clearTextBackends"); logins with a password are refused`,
      ja: `リスナー "${listener}": クライアントが TLS で送ったデータは Impalad へ平文で転送されます ("clearTextBackends")。パスワードによるログインは拒否されます`,
    }),
    example: { listener: "impala" },
  }),
} as const;

export const tlsWarning = warningsOf(TLS_WARNINGS);
