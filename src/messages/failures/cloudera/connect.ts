import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** How to write the address of Cloudera Manager. */
export const GIVE_CM_URL: Text = {
  en: "give the address of Cloudera Manager itself, for example --cm-url https://cm.example.com:7183",
  ja: "Cloudera Manager 自体のアドレスを指定してください。例: --cm-url https://cm.example.com:7183",
};

/** What came instead of Cloudera Manager's version. */
export const NOT_CLOUDERA = {
  status: (status: number, said: string): Text => ({
    en: `the answer is ${status}${said === "" ? "" : `: ${said}`}`,
    ja: `応答は ${status} です${said === "" ? "" : `: ${said}`}`,
  }),
  page: (status: number, title: string): Text => ({
    en: `the answer is another server's page (${status}${title === "" ? "" : `, "${title}"`})`,
    ja: `別のサーバーのページが返りました (${status}${title === "" ? "" : `、"${title}"`})`,
  }),
  loginForm: {
    en: "the answer is a page with a form to log in at, not the API",
    ja: "API ではなくログインフォームのページが返りました",
  },
  noVersion: (text: string): Text => ({
    en: `"${text}" is not an API version`,
    ja: `"${text}" は API のバージョンではありません`,
  }),
} as const;

/** How to write the address where Knox stands before Cloudera Manager. */
const GIVE_KNOX_URL: Text = {
  en: "behind Apache Knox (CDP Public Cloud) the API is at https://HOST/GATEWAY/cdp-proxy-api/cm-api: give that with --cm-url",
  ja: "Apache Knox の背後 (CDP Public Cloud) では API は https://HOST/GATEWAY/cdp-proxy-api/cm-api にあります。それを --cm-url で指定してください",
};

export const NO_CERTIFICATE: Text = {
  en: "it holds no certificate in PEM form",
  ja: "PEM 形式の証明書が含まれていません",
};

/** Why Cloudera Manager is not even asked, or not spoken to. */
export const CLOUDERA_CONNECT_FAILURES = {
  "bad-cm-url": failureRow({
    kind: "settings",
    message: {
      en: "the Cloudera Manager URL cannot be read",
      ja: "Cloudera Manager の URL を解釈できません",
    },
    hint: GIVE_CM_URL,
  }),
  "cm-url-has-credentials": failureRow({
    kind: "settings",
    message: {
      en: "the Cloudera Manager URL contains a user name or password",
      ja: "Cloudera Manager の URL にユーザー名またはパスワードが含まれています",
    },
    hint: {
      en: "give them with --cm-user and --cm-password-file; others can read the command line",
      ja: "--cm-user と --cm-password-file で指定してください。コマンドラインは他のユーザーにも見えます",
    },
  }),
  "cm-agent-port": failureRow<{ port: number; https: string; http: string }>({
    kind: "settings",
    message: ({ port }) => ({
      en: `port ${port} is where agents report to Cloudera Manager; it has no API`,
      ja: `ポート ${port} はエージェントが Cloudera Manager に報告するためのもので、API はありません`,
    }),
    hint: ({ https, http }) => ({
      en: `use ${https} or ${http}`,
      ja: `${https} または ${http} を使ってください`,
    }),
    example: { port: 7182, https: "https://cm.example.com:7183", http: "http://cm.example.com:7180" },
  }),
  "bad-cm-user": failureRow({
    kind: "settings",
    message: {
      en: "the user name for Cloudera Manager is empty or holds a colon or a control character",
      ja: "Cloudera Manager のユーザー名が空か、コロンまたは制御文字を含んでいます",
    },
    hint: {
      en: "give the name of the account with --cm-user",
      ja: "アカウント名を --cm-user で指定してください",
    },
  }),
  "bad-name": failureRow<{ name: string }>({
    kind: "settings",
    message: ({ name }) => ({
      en: `"${name}" is not a name in Cloudera Manager`,
      ja: `"${name}" は Cloudera Manager の名前として使えません`,
    }),
    hint: { en: "check the name", ja: "名前を確認してください" },
    example: { name: ".." },
  }),
  "no-cloudera-manager": failureRow<{ call: string; came: Text; url: string }>({
    kind: "settings",
    message: ({ call, came, url }) => ({
      en: `no Cloudera Manager answers at ${url} (asked: ${call}): ${came.en}`,
      ja: `${url} で Cloudera Manager が応答していません (要求: ${call})。${came.ja}`,
    }),
    hint: ({ url }) => (/\/(gateway|cdp-proxy[^/]*)(\/|$)/.test(url) ? GIVE_KNOX_URL : GIVE_CM_URL),
    example: {
      call: "GET https://web.example.com/api/version",
      came: NOT_CLOUDERA.status(404, ""),
      url: "https://web.example.com",
    },
  }),
  "cm-too-old": failureRow<{ url: string; version: string; oldest: number }>({
    kind: "settings",
    message: ({ url, version, oldest }) => ({
      en: `Cloudera Manager at ${url} speaks API ${version}; v${oldest} (Cloudera Manager 5.0) or later is needed`,
      ja: `Cloudera Manager (${url}) の API は ${version} です。v${oldest} (Cloudera Manager 5.0) 以降が必要です`,
    }),
    hint: {
      en: "list the impalads with --impalad and use --target hue-ini",
      ja: "impalad を --impalad で列挙し、--target hue-ini を使ってください",
    },
    example: { url: "http://cm.example.com:7180", version: "v5", oldest: 6 },
  }),
  "agent-config-unreadable": failureRow<{ path: string; reason: Text }>({
    kind: "settings",
    message: ({ path, reason }) => ({
      en: `${path} cannot be read: ${reason.en}`,
      ja: `${path} を読み取れません: ${reason.ja}`,
    }),
    hint: {
      en: "run as a user that may read it, or give --cm-url and --cm-ca-file",
      ja: "読み取り権限のあるユーザーで実行するか、--cm-url と --cm-ca-file を指定してください",
    },
    example: {
      path: "/etc/cloudera-scm-agent/config.ini",
      reason: { en: "EACCES: permission denied", ja: "アクセスが拒否されました (EACCES)" },
    },
  }),
  "bad-ca-file": failureRow<{ path: string; reason: Text }>({
    kind: "settings",
    message: ({ path, reason }) => ({
      en: `the authority file ${path} cannot be used: ${reason.en}`,
      ja: `認証局のファイル ${path} は使えません: ${reason.ja}`,
    }),
    hint: {
      en: "give a file with the authority's certificate in PEM form (-----BEGIN CERTIFICATE-----)",
      ja: "認証局の証明書を PEM 形式 (-----BEGIN CERTIFICATE-----) で含むファイルを指定してください",
    },
    example: { path: "/etc/pki/cm-ca.pem", reason: NO_CERTIFICATE },
  }),
} as const;

export const clouderaConnectFailure = failuresOf(CLOUDERA_CONNECT_FAILURES);
