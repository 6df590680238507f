import type { Text } from "../domain/text.ts";

/** Why an Impalad takes no clients. */
export const NOT_ELIGIBLE = {
  type: (type: string): Text => ({
    en: `role type ${type} takes no clients`,
    ja: `ロールタイプ ${type} はクライアントを受け付けません`,
  }),
  noHost: {
    en: "Cloudera Manager gives no host name for it",
    ja: "Cloudera Manager がホスト名を返しません",
  },
  badHost: {
    en: "its host name is none: letters, digits, -, _ and dots, or an address without a zone",
    ja: "ホスト名が不正です。使えるのは英数字、-、_、ドット、またはゾーンなしのアドレスです",
  },
  executor: {
    en: "executor only: takes no clients",
    ja: "エグゼキューター専用のためクライアントを受け付けません",
  },
  portOff: { en: "its HiveServer2 port is 0 (off)", ja: "HiveServer2 のポートが 0 (無効) です" },
  badPort: {
    en: "its HiveServer2 port (hs2_port) is not a port number",
    ja: "HiveServer2 のポート (hs2_port) がポート番号ではありません",
  },
  commission: (state: string): Text => ({
    en: `commission state is ${state}`,
    ja: `コミッション状態が ${state} です`,
  }),
  role: (state: string | undefined): Text => ({
    en: `role state is ${state ?? "unknown"}, not STARTED`,
    ja: `ロールの状態が STARTED ではありません (${state ?? "不明"})`,
  }),
  maintenance: { en: "in maintenance mode", ja: "メンテナンスモードです" },
  bad: { en: "health is BAD", ja: "ヘルスが BAD です" },
} as const;

/** Why an eligible Impalad deserves a look. */
export const HEALTH_NOTE = {
  unknown: { en: "health is not known", ja: "ヘルスは不明です" },
  unmonitored: { en: "health is not monitored", ja: "ヘルスは監視されていません" },
  is: (health: string): Text => ({ en: `health is ${health}`, ja: `ヘルスが ${health} です` }),
} as const;

/** `impalad_load_balancer of group coordinators`: a property and what holds it. */
export const propertyOf = (
  property: string,
  { scope, owner }: { readonly scope: "service" | "group" | "role"; readonly owner: string },
  groupWord: string,
): Text => ({
  en: `${property} of ${scope === "group" ? groupWord : scope} ${owner}`,
  ja: `${{ service: "サービス", group: "ロールグループ", role: "ロール" }[scope]} ${owner} の ${property}`,
});

/** What a restart of Hue is doing. */
export const RESTART_PROGRESS = {
  waiting: (commands: string): Text => ({
    en: `${commands} is running already: waiting for it`,
    ja: `${commands} が既に実行中です。終了を待っています`,
  }),
  comparing: {
    en: "waiting for Cloudera Manager to compare Hue's configuration",
    ja: "Cloudera Manager が Hue の設定を比較するのを待っています",
  },
  restarting: (roles: readonly string[]): Text => ({
    en: `restarting ${roles.join(", ")}`,
    ja: `${roles.join("、")} を再起動しています`,
  }),
  running: (commands: string): Text => ({
    en: `${commands} is running`,
    ja: `${commands} を実行しています`,
  }),
  /** With the seconds since the restart was asked for, once there are some. */
  after: (text: Text, seconds: number): Text =>
    seconds < 5 ? text : { en: `${text.en} (${seconds} s)`, ja: `${text.ja} (${seconds} 秒)` },
} as const;

/** How a restart of Hue ended. */
export const RESTARTED = {
  noneRuns: {
    en: "no Hue server runs: it reads the new configuration when it is started",
    ja: "動作中の Hue Server はありません。起動時に新しい設定を読み込みます",
  },
  fresh: {
    en: "Hue runs with the present configuration: nothing was restarted",
    ja: "Hue は現在の設定で動作しています。再起動していません",
  },
  restarted: (roles: readonly string[]): Text => ({
    en: `restarted ${roles.join(", ")}`,
    ja: `${roles.join("、")} を再起動しました`,
  }),
  attached: (commands: string): Text => ({
    en: `${commands} was running already and has done it`,
    ja: `既に実行中だった ${commands} で再起動されました`,
  }),
} as const;

export const UNEXPECTED: Text = { en: "an unexpected error", ja: "予期しないエラー" };
