import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

interface Answered {
  /** Method and URL. */
  readonly call: string;
  /** What the server said, cleaned and cut; "" when nothing usable. */
  readonly said: string;
}

const CALL = "GET https://cm.example.com:7183/api/v58/clusters/c1";
const ANSWERED: Answered = { call: CALL, said: "Cluster 'c1' not found." };

const tail = (said: string): string => (said === "" ? "" : `: ${said}`);

const NOT_CM: Text = {
  en: "check that the URL is that of Cloudera Manager and that no proxy answers in its place",
  ja: "URL が Cloudera Manager のものであること、代わりにプロキシが応答していないことを確認してください",
};

/** Until when to wait: `after` is the server's Retry-After. */
const waitHint = ({ after }: { readonly after: string | undefined }): Text => ({
  en: `wait until cloudera-scm-server has started, then run the command again${after === undefined ? "" : ` (it asks to wait: ${after})`}`,
  ja: `cloudera-scm-server の起動を待ってから、もう一度実行してください${after === undefined ? "" : ` (サーバーが求める待ち時間: ${after})`}`,
});

/** Where and why a redirect is not followed. */
export const REDIRECTED = {
  nowhere: (from: string): Text => ({
    en: `${from} redirects to nowhere (no usable Location)`,
    ja: `${from} のリダイレクト先がありません (使える Location がない)`,
  }),
  foreign: (from: string, to: string): Text => ({
    en: `${from} redirects to ${to}, which is not followed with a password`,
    ja: `${from} は ${to} にリダイレクトします。パスワードを送るため追跡しません`,
  }),
  itself: (from: string, path: string): Text => ({
    en: `${from} redirects to itself (${path})`,
    ja: `${from} は自分自身にリダイレクトします (${path})`,
  }),
  login: (from: string, to: string): Text => ({
    en: `${from} redirects to a page where a person logs in (${to}), not to the API`,
    ja: `${from} は API ではなく、人がログインするページ (${to}) にリダイレクトします`,
  }),
  loginHint: {
    en: "give an address that takes a user name and password: Cloudera Manager itself, or behind Apache Knox https://HOST/GATEWAY/cdp-proxy-api/cm-api (cdp-proxy asks for single sign-on)",
    ja: "ユーザー名とパスワードで認証できるアドレスを指定してください。Cloudera Manager 自体、または Apache Knox の背後では https://HOST/GATEWAY/cdp-proxy-api/cm-api です (cdp-proxy はシングルサインオンを求めます)",
  },
  call: (call: string, to: string): Text => ({
    en: `Cloudera Manager redirects ${call}${to === "" ? "" : ` to ${to}`}`,
    ja: `Cloudera Manager が ${call} を${to === "" ? "" : ` ${to} に`}リダイレクトします`,
  }),
  giveIt: (url: string): Text => ({
    en: `if that is Cloudera Manager, give it as the URL: --cm-url ${url}`,
    ja: `それが Cloudera Manager であれば、URL として指定してください: --cm-url ${url}`,
  }),
  giveTarget: {
    en: "give the URL that it redirects to, if it is Cloudera Manager's own",
    ja: "リダイレクト先が Cloudera Manager 自身のものであれば、その URL を指定してください",
  },
} as const;

/** Why a 2xx answer is of no use. */
export const UNUSABLE = {
  empty: { en: "it is empty", ja: "空です" },
  notJson: { en: "it is not complete JSON", ja: "完全な JSON ではありません" },
  tooLarge: (limit: string): Text => ({
    en: `it is larger than ${limit}`,
    ja: `${limit} を超えています`,
  }),
  tooDeep: (levels: number): Text => ({
    en: `it is nested deeper than ${levels} levels`,
    ja: `入れ子が ${levels} 階層を超えています`,
  }),
  tooMany: (values: number): Text => ({
    en: `it holds more than ${values} values`,
    ja: `値が ${values} 個を超えています`,
  }),
  page: { en: "another server's page", ja: "別のサーバーのページです" },
  shape: (path: string, expected: string): Text => ({
    en: `${path === "" ? "the answer" : path} is not ${expected === "" ? "as expected" : expected}`,
    ja: `${path === "" ? "応答" : path} が${expected === "" ? "想定と異なります" : ` ${expected} ではありません`}`,
  }),
} as const;

/** Cloudera Manager answered, but not with what was asked for. */
export const CLOUDERA_ANSWER_FAILURES = {
  "cm-bad-credentials": failureRow<{ origin: string; user: string }>({
    kind: "auth",
    message: ({ origin, user }) => ({
      en: `Cloudera Manager at ${origin} refuses the user name or password of "${user}"`,
      ja: `Cloudera Manager (${origin}) が "${user}" のユーザー名またはパスワードを拒否しました`,
    }),
    hint: {
      en: "check --cm-user and the password; it is the same account as for the web UI",
      ja: "--cm-user とパスワードを確認してください。Web UI と同じアカウントです",
    },
    example: { origin: "https://cm.example.com:7183", user: "admin" },
  }),
  "knox-bad-credentials": failureRow<{ origin: string; user: string }>({
    kind: "auth",
    message: ({ origin, user }) => ({
      en: `Apache Knox at ${origin} refuses the user name or password of "${user}"; Cloudera Manager was not reached`,
      ja: `Apache Knox (${origin}) が "${user}" のユーザー名またはパスワードを拒否しました。Cloudera Manager には届いていません`,
    }),
    hint: {
      en: "give the account that Knox knows: in CDP Public Cloud the workload user name and its workload password",
      ja: "Knox が認識するアカウントを指定してください。CDP Public Cloud ではワークロードユーザー名とワークロードパスワードです",
    },
    example: { origin: "https://gateway.example.com", user: "admin" },
  }),
  "cm-other-authentication": failureRow<{ origin: string; schemes: readonly string[] }>({
    kind: "auth",
    message: ({ origin, schemes }) => ({
      en: `the server at ${origin} takes no user name and password, only ${schemes.join(", ")}`,
      ja: `${origin} のサーバーはユーザー名とパスワードを受け付けず、${schemes.join("、")} だけを受け付けます`,
    }),
    hint: REDIRECTED.loginHint,
    example: { origin: "https://gateway.example.com", schemes: ["Negotiate"] },
  }),
  "cm-forbidden": failureRow<Answered & { user: string; reading: boolean }>({
    kind: "auth",
    message: ({ user, call, said }) => ({
      en: `the Cloudera Manager user "${user}" may not do this (${call})${tail(said)}`,
      ja: `Cloudera Manager のユーザー "${user}" にはこの操作の権限がありません (${call})${tail(said)}`,
    }),
    hint: ({ reading }) =>
      reading
        ? {
            en: "use an account that may read this cluster's configuration",
            ja: "このクラスターの設定を参照できるアカウントを使ってください",
          }
        : {
            en: "use an account with the role Configurator or higher for this cluster (Operator or higher to restart)",
            ja: "このクラスターで Configurator 以上 (再起動は Operator 以上) の権限を持つアカウントを使ってください",
          },
    example: { ...ANSWERED, said: "", user: "viewer", reading: false },
  }),
  "cm-not-found": failureRow<Answered>({
    kind: "failed",
    message: ({ call, said }) => ({
      en: `Cloudera Manager knows no such object (${call})${tail(said)}`,
      ja: `該当するオブジェクトが Cloudera Manager にありません (${call})${tail(said)}`,
    }),
    hint: {
      en: "it may have been renamed or removed in the meantime: run the command again",
      ja: "その間に名前の変更や削除があった可能性があります。もう一度実行してください",
    },
    example: ANSWERED,
  }),
  "cm-busy": failureRow<{ call: string; after: string | undefined }>({
    kind: "unreachable",
    message: ({ call }) => ({
      en: `Cloudera Manager asks to slow down (429, ${call})`,
      ja: `Cloudera Manager が要求を減らすよう求めています (429、${call})`,
    }),
    hint: waitHint,
    example: { call: CALL, after: "3600" },
  }),
  "cm-unavailable": failureRow<Answered & { status: number; after: string | undefined }>({
    kind: "unreachable",
    message: ({ status, call, said }) => ({
      en: `Cloudera Manager is not available (${status}, ${call})${tail(said)}`,
      ja: `Cloudera Manager を利用できません (${status}、${call})${tail(said)}`,
    }),
    hint: waitHint,
    example: { call: CALL, said: "", status: 503, after: undefined },
  }),
  "cm-redirected": failureRow<{ reason: Text; hint: Text }>({
    kind: "settings",
    message: ({ reason }) => reason,
    hint: ({ hint }) => hint,
    example: {
      reason: REDIRECTED.foreign("http://cm.example.com:7180", "https://proxy.example.com"),
      hint: REDIRECTED.giveIt("https://proxy.example.com"),
    },
  }),
  "cm-unknown-property": failureRow<Answered>({
    kind: "failed",
    message: ({ call, said }) => rejected(call, said),
    hint: {
      en: "this version of Cloudera Manager has no such property; search for it in the service's Configuration page",
      ja: "このバージョンの Cloudera Manager にはこのプロパティがありません。サービスの「設定」ページで検索してください",
    },
    example: { call: CALL, said: "Unknown configuration attribute 'x'." },
  }),
  "cm-bad-request": failureRow<Answered>({
    kind: "failed",
    message: ({ call, said }) => rejected(call, said),
    hint: {
      en: "see the server's message; an internal fault can show as 400 too, then running again may help",
      ja: "サーバーのメッセージを確認してください。内部エラーが 400 になることもあり、その場合は再実行で解消することがあります",
    },
    example: { call: CALL, said: "invalid value" },
  }),
  "cm-internal-error": failureRow<Answered & { status: number }>({
    kind: "failed",
    message: ({ status, call, said }) => answered(status, call, said),
    hint: {
      en: "look at the server's log (cloudera-scm-server.log), then run the command again",
      ja: "サーバーのログ (cloudera-scm-server.log) を確認し、もう一度実行してください",
    },
    example: { call: CALL, said: "", status: 500 },
  }),
  "cm-unexpected-status": failureRow<Answered & { status: number }>({
    kind: "failed",
    message: ({ status, call, said }) => answered(status, call, said),
    hint: NOT_CM,
    example: { call: CALL, said: "", status: 418 },
  }),
  "cm-unexpected-reply": failureRow<{ call: string; reason: Text }>({
    kind: "failed",
    message: ({ call, reason }) => ({
      en: `Cloudera Manager's answer to ${call} cannot be used: ${reason.en}`,
      ja: `${call} に対する Cloudera Manager の応答は使えません: ${reason.ja}`,
    }),
    hint: {
      en: "run the command again; if it stays, check that the URL is Cloudera Manager's own and no proxy answers in its place",
      ja: "もう一度実行してください。解消しない場合は、URL が Cloudera Manager 自身のものであること、代わりにプロキシが応答していないことを確認してください",
    },
    example: { call: CALL, reason: UNUSABLE.empty },
  }),
} as const;

function rejected(call: string, said: string): Text {
  return {
    en: `Cloudera Manager rejects the request (${call})${tail(said)}`,
    ja: `Cloudera Manager が要求を拒否しました (${call})${tail(said)}`,
  };
}

function answered(status: number, call: string, said: string): Text {
  return {
    en: `Cloudera Manager answers ${status} to ${call}${tail(said)}`,
    ja: `Cloudera Manager が ${call} に ${status} を返しました${tail(said)}`,
  };
}

export const clouderaAnswerFailure = failuresOf(CLOUDERA_ANSWER_FAILURES);
