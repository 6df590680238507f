import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** What the files of TLS are called in messages. */
export const TLS_FILES = {
  certificate: { en: "the certificate", ja: "証明書" },
  key: { en: "the private key", ja: "秘密鍵" },
  keyPassword: { en: "the private key's password", ja: "秘密鍵のパスワード" },
  authorities: { en: "the authorities' certificates", ja: "認証局の証明書" },
} as const satisfies Record<string, Text>;

const REQUEST: Text = {
  en: "request a certificate for this host's full name with server authentication (serverAuth) and an RSA key of 2048 bits or an EC key",
  ja: "このホストの完全修飾名に対して、サーバー認証 (serverAuth) 用で RSA 2048 ビット以上または EC 鍵の証明書を発行してもらってください",
};

/** Why certificate, key and authorities of a listener cannot be used. */
export const BALANCER_TLS_FAILURES = {
  "tls-unreadable": failureRow<{ listener: string; what: Text; path: string; reason: Text; denied: boolean }>(
    {
      kind: ({ denied }) => (denied ? "auth" : "settings"),
      message: ({ listener, what, path, reason }) => ({
        en: `listener "${listener}": ${what.en} ${path} cannot be read: ${reason.en}`,
        ja: `リスナー "${listener}": ${what.ja} ${path} を読み取れません: ${reason.ja}`,
      }),
      hint: ({ denied }) =>
        denied
          ? {
              en: "let the balancer's user read it, or hand it over with LoadCredential= in the unit",
              ja: "ロードバランサーのユーザーに読み取りを許可するか、ユニットの LoadCredential= で渡してください",
            }
          : undefined,
      example: {
        listener: "impala",
        what: TLS_FILES.certificate,
        path: "/etc/pki/tls/certs/hue.pem",
        reason: { en: "ENOENT: no such file or directory", ja: "存在しません (ENOENT)" },
        denied: false,
      },
    },
  ),
  "tls-no-certificate": failureRow<{ listener: string; what: Text; path: string }>({
    kind: "settings",
    message: ({ listener, what, path }) => ({
      en: `listener "${listener}": ${path} (${what.en}) holds no certificate in PEM`,
      ja: `リスナー "${listener}": ${path} (${what.ja}) に PEM 形式の証明書がありません`,
    }),
    hint: {
      en: "convert it, for example with: openssl x509 -inform DER -in FILE -out FILE.pem",
      ja: "変換してください。例: openssl x509 -inform DER -in FILE -out FILE.pem",
    },
    example: { listener: "impala", what: TLS_FILES.certificate, path: "/etc/pki/tls/certs/hue.der" },
  }),
  "tls-bad-key": failureRow<{ listener: string; path: string }>({
    kind: "settings",
    message: ({ listener, path }) => ({
      en: `listener "${listener}": ${path} holds no private key in PEM that can be used`,
      ja: `リスナー "${listener}": ${path} に使用できる PEM 形式の秘密鍵がありません`,
    }),
    hint: {
      en: "name the file of the key that the certificate was requested with",
      ja: "証明書の申請に使った鍵のファイルを指定してください",
    },
    example: { listener: "impala", path: "/etc/pki/tls/private/hue.key" },
  }),
  "tls-key-encrypted": failureRow<{ listener: string; path: string }>({
    kind: "settings",
    message: ({ listener, path }) => ({
      en: `listener "${listener}": the private key ${path} is encrypted, and no password is given`,
      ja: `リスナー "${listener}": 秘密鍵 ${path} は暗号化されていますが、パスワードが指定されていません`,
    }),
    hint: {
      en: 'name the file that holds its password: "keyPasswordFile", --tls-key-password-file',
      ja: 'パスワードのファイルを指定してください: "keyPasswordFile"、--tls-key-password-file',
    },
    example: { listener: "impala", path: "/etc/pki/tls/private/hue.key" },
  }),
  "tls-key-password": failureRow<{ listener: string; path: string; passwordFile: string }>({
    kind: "settings",
    message: ({ listener, path, passwordFile }) => ({
      en: `listener "${listener}": the password in ${passwordFile} does not open the private key ${path}`,
      ja: `リスナー "${listener}": ${passwordFile} のパスワードでは秘密鍵 ${path} を開けません`,
    }),
    hint: {
      en: "the file must hold the password alone, in one line",
      ja: "ファイルにはパスワードだけを 1 行で記述してください",
    },
    example: {
      listener: "impala",
      path: "/etc/pki/tls/private/hue.key",
      passwordFile: "/etc/pki/tls/private/hue.pw",
    },
  }),
  "tls-key-mismatch": failureRow<{ listener: string; certificate: string; key: string }>({
    kind: "settings",
    message: ({ listener, certificate, key }) => ({
      en: `listener "${listener}": the private key ${key} does not fit the first certificate in ${certificate}`,
      ja: `リスナー "${listener}": 秘密鍵 ${key} が ${certificate} の先頭の証明書に対応していません`,
    }),
    hint: {
      en: "name the pair that belongs together; the host's own certificate must come before its chain",
      ja: "対応する組を指定してください。ホスト自身の証明書を中間証明書より前に置く必要があります",
    },
    example: {
      listener: "impala",
      certificate: "/etc/pki/tls/certs/hue.pem",
      key: "/etc/pki/tls/private/other.key",
    },
  }),
  "tls-refused": failureRow<{ listener: string; path: string; reason: string }>({
    kind: "settings",
    message: ({ listener, path, reason }) => ({
      en: `listener "${listener}": OpenSSL does not take ${path}: ${reason}`,
      ja: `リスナー "${listener}": OpenSSL が ${path} を受け付けません: ${reason}`,
    }),
    hint: REQUEST,
    example: { listener: "impala", path: "/etc/pki/tls/certs/hue.pem", reason: "ca md too weak" },
  }),
  "tls-weak-key": failureRow<{ listener: string; path: string; key: string }>({
    kind: "settings",
    message: ({ listener, path, key }) => ({
      en: `listener "${listener}": the certificate ${path} has a weak key (${key})`,
      ja: `リスナー "${listener}": 証明書 ${path} の鍵が弱すぎます (${key})`,
    }),
    hint: REQUEST,
    example: { listener: "impala", path: "/etc/pki/tls/certs/hue.pem", key: "RSA 1024 bits" },
  }),
  "tls-wrong-purpose": failureRow<{ listener: string; path: string; authority: boolean }>({
    kind: "settings",
    message: ({ listener, path, authority }) => ({
      en: `listener "${listener}": the certificate ${path} is ${authority ? "an authority's" : "not for servers (its extended key usage lacks serverAuth)"}`,
      ja: `リスナー "${listener}": 証明書 ${path} は${authority ? "認証局のものです" : "サーバー用ではありません (拡張鍵用途に serverAuth がありません)"}`,
    }),
    hint: REQUEST,
    example: { listener: "impala", path: "/etc/pki/tls/certs/hue.pem", authority: false },
  }),
  "tls-expired": failureRow<{ listener: string; path: string; date: string }>({
    kind: "settings",
    message: ({ listener, path, date }) => ({
      en: `listener "${listener}": the certificate ${path} expired on ${date}`,
      ja: `リスナー "${listener}": 証明書 ${path} は ${date} に期限切れになりました`,
    }),
    hint: {
      en: "renew it; the running balancer reads it again by itself",
      ja: "更新してください。動作中のロードバランサーは自動的に読み直します",
    },
    example: { listener: "impala", path: "/etc/pki/tls/certs/hue.pem", date: "2026-01-31" },
  }),
  "tls-not-yet-valid": failureRow<{ listener: string; path: string; date: string }>({
    kind: "settings",
    message: ({ listener, path, date }) => ({
      en: `listener "${listener}": the certificate ${path} is valid from ${date} only`,
      ja: `リスナー "${listener}": 証明書 ${path} が有効になるのは ${date} からです`,
    }),
    hint: { en: "set this host's clock, or wait", ja: "このホストの時計を合わせるか、待ってください" },
    example: { listener: "impala", path: "/etc/pki/tls/certs/hue.pem", date: "2030-01-31" },
  }),
} as const;

export const balancerTlsFailure = failuresOf(BALANCER_TLS_FAILURES);
