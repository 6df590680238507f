import { sameText, type Text } from "../domain/text.ts";

/** The states of a backend and the verdicts of its checks, which are English words in JSON and in logs. */
const STATES: Readonly<Record<string, Text>> = {
  up: { en: "up", ja: "稼働中" },
  down: { en: "down", ja: "停止" },
  stopping: { en: "stopping", ja: "停止準備中" },
  drain: { en: "drain", ja: "ドレイン中" },
};
const VERDICTS: Readonly<Record<string, Text>> = {
  good: { en: "good", ja: "正常" },
  failed: { en: "failed", ja: "失敗" },
  stopping: { en: "stopping", ja: "停止準備中" },
  unknown: { en: "unknown", ja: "不明" },
};

/** A balancer of another version may have states that are not known here. */
export const stateText = (state: string): Text => STATES[state] ?? sameText(state);
export const verdictText = (verdict: string): Text => VERDICTS[verdict] ?? sameText(verdict);

/** What a connection to a backend came to, where it was not made. */
export const NOT_CONNECTED = {
  late: (seconds: number): Text => ({
    en: `no connection within ${seconds} s`,
    ja: `${seconds} 秒以内に接続できませんでした`,
  }),
  refused: { en: "connection refused", ja: "接続が拒否されました" },
  noHostRoute: { en: "no route to the host", ja: "ホストへの経路がありません" },
  noNetworkRoute: { en: "no route to the network", ja: "ネットワークへの経路がありません" },
  /** @param reason see `messages/tls.ts` */
  tls: (reason: Text): Text => ({ en: `TLS: ${reason.en}`, ja: `TLS: ${reason.ja}` }),
  gaveUp: { en: "no answer (the system gave up)", ja: "応答がありません (システムが断念しました)" },
} as const;

/** What a health check of a backend saw. */
export const CHECKED = {
  connected: { en: "connected", ja: "接続できました" },
  connectedTls: { en: "connected with TLS", ja: "TLS で接続できました" },
  session: { en: "session opened and closed", ja: "セッションを開閉しました" },
  notThrift: {
    en: "connected; OpenSession over plain Thrift not understood",
    ja: "接続できましたが、認証も暗号化もない Thrift の OpenSession は通じません",
  },
  otherAnswer: {
    en: "connected; answered OpenSession with something other than plain Thrift",
    ja: "接続できましたが、OpenSession に Thrift 以外の応答が返りました",
  },
  callLate: (call: string, seconds: number): Text => ({
    en: `${call} not answered within ${seconds} s`,
    ja: `${call} に ${seconds} 秒以内の応答がありません`,
  }),
  /** @param message of the backend */
  sessionRefused: (message: string): Text => ({
    en: `OpenSession refused: ${message}`,
    ja: `OpenSession が拒否されました: ${message}`,
  }),
  /** @param reason why a login was not even tried, or says nothing about the backend */
  noLogin: (reason: string): Text => ({
    en: `connected; the check could not log in: ${reason}`,
    ja: `接続できましたが、チェックはログインできませんでした: ${reason}`,
  }),
  /** @param reason in the backend's words */
  loginRefused: (reason: string): Text => ({
    en: `login refused: ${reason}`,
    ja: `ログインが拒否されました: ${reason}`,
  }),
  pageLate: (path: string, seconds: number): Text => ({
    en: `no answer from ${path} within ${seconds} s`,
    ja: `${path} に ${seconds} 秒以内の応答がありません`,
  }),
  pageGood: (path: string): Text => ({ en: `${path} answered 200`, ja: `${path} の応答は 200 です` }),
  pageStopping: (path: string): Text => ({
    en: `${path} answered 503: takes no new work`,
    ja: `${path} の応答は 503 です。新しい処理を受け付けません`,
  }),
  pageClosed: (path: string): Text => ({
    en: `${path} cannot be used as a check: the web server closed the connection`,
    ja: `${path} はチェックに使えません。Web サーバーが接続を閉じました`,
  }),
  /** @param status 0: what came was no HTTP */
  pageOther: (path: string, status: number): Text => ({
    en: `${path} cannot be used as a check: it answered ${status || "no HTTP"}`,
    ja: `${path} はチェックに使えません。応答は${status === 0 ? " HTTP ではありません" : ` ${status} です`}`,
  }),
  noPage: (seen: Text, reason: Text): Text => ({
    en: `${seen.en}; no web server to ask (${reason.en})`,
    ja: `${seen.ja}。Web サーバーには接続できません (${reason.ja})`,
  }),
} as const;
