import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** What Node or the TLS library reported, cleaned and cut. */
interface Reported {
  readonly reason: string;
}

const ORIGIN = "https://cm.example.com:7183";
const CALL = `GET ${ORIGIN}/api/v58/clusters`;

/** No answer came from Cloudera Manager: name resolution, connection, TLS, time-out. */
export const CLOUDERA_NETWORK_FAILURES = {
  "cm-host-unknown": failureRow<{ host: string }>({
    kind: "unreachable",
    message: ({ host }) => ({
      en: `the host name ${host} of Cloudera Manager cannot be resolved`,
      ja: `Cloudera Manager のホスト名 ${host} を解決できません`,
    }),
    hint: ({ host }) => ({
      en: `check the name: getent hosts ${host}`,
      ja: `名前を確認してください: getent hosts ${host}`,
    }),
    example: { host: "cm.example.com" },
  }),
  "cm-timeout": failureRow<Reported & { call: string }>({
    kind: "unreachable",
    message: ({ call, reason }) => ({
      en: `Cloudera Manager did not answer ${call} in time (${reason})`,
      ja: `Cloudera Manager が ${call} に時間内に応答しませんでした (${reason})`,
    }),
    hint: {
      en: "check that it is not overloaded and that no firewall drops the connection, then run the command again",
      ja: "過負荷でないこと、ファイアウォールが接続を遮断していないことを確認し、もう一度実行してください",
    },
    example: { call: CALL, reason: "no complete answer within 60 s" },
  }),
  "cm-refused": failureRow<{ host: string }>({
    kind: "unreachable",
    message: ({ host }) => ({
      en: `nothing accepts connections at ${host}`,
      ja: `${host} は接続を受け付けていません`,
    }),
    hint: {
      en: "check that cloudera-scm-server runs there and that the port is right (7183 with TLS, 7180 without)",
      ja: "cloudera-scm-server が動作していること、ポートが正しいこと (TLS ありは 7183、なしは 7180) を確認してください",
    },
    example: { host: "cm.example.com:7183" },
  }),
  "cm-no-tls": failureRow<Reported & { host: string }>({
    kind: "unreachable",
    message: ({ host, reason }) => ({
      en: `${host} does not speak TLS (${reason})`,
      ja: `${host} は TLS を使っていません (${reason})`,
    }),
    hint: {
      en: "if Cloudera Manager runs without TLS, give its URL with http:// (port 7180)",
      ja: "Cloudera Manager が TLS なしで動作している場合は、URL を http:// (ポート 7180) で指定してください",
    },
    example: { host: "cm.example.com:7180", reason: "wrong version number" },
  }),
  "cm-tls-failed": failureRow<Reported & { host: string }>({
    kind: "unreachable",
    message: ({ host, reason }) => ({
      en: `${host} and this program cannot agree on TLS (${reason})`,
      ja: `${host} と TLS のネゴシエーションができません (${reason})`,
    }),
    hint: {
      en: "old servers offer only TLS 1.0 or short keys: renew their TLS settings, or allow them for this run with NODE_OPTIONS='--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0'",
      ja: "古いサーバーは TLS 1.0 や短い鍵しか使えません。サーバーの TLS 設定を更新するか、今回に限り NODE_OPTIONS='--tls-min-v1.0 --tls-cipher-list=DEFAULT@SECLEVEL=0' で許可してください",
    },
    example: { host: "cm.example.com:7183", reason: "unsupported protocol" },
  }),
  "cm-unreachable": failureRow<Reported & { call: string; encrypted: boolean }>({
    kind: "unreachable",
    message: ({ call, reason }) => ({
      en: `the connection to Cloudera Manager broke during ${call} (${reason})`,
      ja: `${call} の途中で Cloudera Manager との接続が切れました (${reason})`,
    }),
    hint: ({ encrypted }) =>
      encrypted
        ? {
            en: "run the command again; if it stays, look at the server's log (cloudera-scm-server.log)",
            ja: "もう一度実行してください。解消しない場合はサーバーのログ (cloudera-scm-server.log) を確認してください",
          }
        : {
            en: "if TLS is on in Cloudera Manager, use https:// and port 7183; otherwise run the command again",
            ja: "Cloudera Manager で TLS が有効な場合は https:// とポート 7183 を使ってください。そうでなければもう一度実行してください",
          },
    example: { call: CALL, reason: "socket hang up", encrypted: true },
  }),
  "cm-certificate-expired": failureRow<{ origin: string; expired: boolean }>({
    kind: "unreachable",
    message: ({ origin, expired }) => ({
      en: `the certificate of ${origin} is ${expired ? "expired" : "not valid yet"}`,
      ja: `${origin} の証明書は${expired ? "有効期限が切れています" : "まだ有効期間前です"}`,
    }),
    hint: {
      en: "renew the certificate of Cloudera Manager, and check this machine's clock",
      ja: "Cloudera Manager の証明書を更新し、このマシンの時計を確認してください",
    },
    example: { origin: ORIGIN, expired: true },
  }),
  "cm-certificate-name": failureRow<Reported & { origin: string; host: string }>({
    kind: "unreachable",
    message: ({ origin, host, reason }) => ({
      en: `the certificate of ${origin} is not for ${host} (${reason})`,
      ja: `${origin} の証明書は ${host} のものではありません (${reason})`,
    }),
    hint: {
      en: "give the host name that the certificate is for in --cm-url",
      ja: "証明書に記載されたホスト名を --cm-url に指定してください",
    },
    example: { origin: ORIGIN, host: "cm.example.com", reason: "altnames: DNS:cm1.example.com" },
  }),
  "cm-certificate-untrusted": failureRow<{ origin: string; code: string }>({
    kind: "unreachable",
    message: ({ origin, code }) => ({
      en: `the certificate of ${origin} is not signed by a trusted authority (${code})`,
      ja: `${origin} の証明書は信頼された認証局の署名ではありません (${code})`,
    }),
    hint: {
      en: "give the authority's certificate (PEM) with --cm-ca-file",
      ja: "認証局の証明書 (PEM) を --cm-ca-file で指定してください",
    },
    example: { origin: ORIGIN, code: "SELF_SIGNED_CERT_IN_CHAIN" },
  }),
} as const;

export const clouderaNetworkFailure = failuresOf(CLOUDERA_NETWORK_FAILURES);

/** What to do after an interrupted call. */
export const RUN_AGAIN: Text = {
  en: "run the same command again",
  ja: "同じコマンドをもう一度実行してください",
};

/** Several addresses were tried: why each of them failed, under the code of the last. */
export const NONE_REACHED = {
  message: (reasons: readonly Text[]): Text => ({
    en: `Cloudera Manager is not reachable: ${reasons.map(({ en }) => en).join("; ")}`,
    ja: `Cloudera Manager に接続できません: ${reasons.map(({ ja }) => ja).join("、")}`,
  }),
  hint: {
    en: "give its URL in full (--cm-url https://HOST:7183), and check that cloudera-scm-server runs",
    ja: "URL を省略せずに指定し (--cm-url https://HOST:7183)、cloudera-scm-server が動作していることを確認してください",
  },
} as const;
