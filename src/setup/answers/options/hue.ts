import type { OptionRow } from "../option.ts";

/** What Hue gets, and where it is set. */
export const HUE_OPTIONS = {
  target: {
    flag: "--target",
    placeholder: "TARGET",
    type: { kind: "choice", choices: ["hue-ini", "cloudera-manager"] },
    group: "hue",
    path: "target",
    defaultText: {
      en: "cloudera-manager if --cm-url is given and --hue-ini is not, else hue-ini",
      ja: "--cm-url があり --hue-ini がなければ cloudera-manager、それ以外は hue-ini",
    },
    help: {
      en: "where Hue's [impala] section is set: hue-ini or cloudera-manager",
      ja: "Hue の [impala] をどこで設定するか: hue-ini または cloudera-manager",
    },
    prompt: { en: "Where is Hue configured?", ja: "Hue の設定はどこにありますか?" },
  },
  hueIni: {
    flag: "--hue-ini",
    placeholder: "PATH",
    type: { kind: "path" },
    group: "hue",
    path: "hue.ini",
    defaultText: {
      en: "/etc/hue/hue.ini, else /etc/hue/conf/hue.ini",
      ja: "/etc/hue/hue.ini、なければ /etc/hue/conf/hue.ini",
    },
    help: { en: "the hue.ini to edit", ja: "編集する hue.ini" },
    prompt: { en: "Which hue.ini does Hue read?", ja: "Hue が読む hue.ini はどれですか?" },
  },
  serverHost: {
    flag: "--server-host",
    placeholder: "HOST",
    type: { kind: "host" },
    group: "hue",
    path: "hue.serverHost",
    defaultText: {
      en: "the balancer's address as Hue sees it",
      ja: "Hue から見たロードバランサーのアドレス",
    },
    help: {
      en: "[impala] server_host: the balancer's host",
      ja: "[impala] server_host: ロードバランサーのホスト",
    },
    prompt: {
      en: "Under which name does Hue reach the balancer (server_host)?",
      ja: "Hue から見たロードバランサーのホスト名は (server_host)?",
    },
  },
  serverPort: {
    flag: "--server-port",
    placeholder: "PORT",
    type: { kind: "port" },
    group: "hue",
    path: "hue.serverPort",
    defaultText: { en: "the port of --listen", ja: "--listen のポート" },
    help: {
      en: "[impala] server_port: the balancer's port",
      ja: "[impala] server_port: ロードバランサーのポート",
    },
    prompt: {
      en: "Which port does Hue connect to (server_port)?",
      ja: "Hue が接続するポートは (server_port)?",
    },
  },
  serverConnTimeout: {
    flag: "--server-conn-timeout",
    placeholder: "SECONDS",
    type: { kind: "seconds" },
    group: "hue",
    path: "hue.serverConnTimeout",
    defaultText: "3600",
    help: {
      en: "[impala] server_conn_timeout: seconds Hue waits for one call",
      ja: "[impala] server_conn_timeout: Hue が 1 回の呼び出しを待つ秒数",
    },
    prompt: {
      en: "How many seconds may one call of Hue take (server_conn_timeout)?",
      ja: "Hue の 1 回の呼び出しは最大何秒ですか (server_conn_timeout)?",
    },
  },
  restartHue: {
    flag: "--restart-hue",
    type: { kind: "flag" },
    group: "hue",
    path: "hue.restart",
    help: {
      en: "restart Hue when what it reads has changed",
      ja: "Hue の読む設定が変わったら Hue を再起動する",
    },
  },
  hueUnit: {
    flag: "--hue-unit",
    placeholder: "UNIT",
    type: { kind: "text" },
    group: "hue",
    path: "hue.unit",
    defaultText: "hue.service",
    help: {
      en: "systemd unit of Hue, for --restart-hue with hue.ini",
      ja: "Hue の systemd ユニット (hue.ini で --restart-hue を使うとき)",
    },
  },
  force: {
    flag: "--force",
    type: { kind: "flag" },
    group: "hue",
    help: {
      en: "edit hue.ini although Cloudera Manager generates what Hue reads",
      ja: "Cloudera Manager が管理するホストでも hue.ini を編集する",
    },
  },
  allowInvalidUtf8: {
    flag: "--allow-invalid-utf8",
    type: { kind: "flag" },
    group: "hue",
    path: "hue.allowInvalidUtf8",
    help: {
      en: "accept a hue.ini that is not UTF-8 (only a Hue on Python 2 reads it)",
      ja: "UTF-8 でない hue.ini を認める (Python 2 の Hue だけが読める)",
    },
  },
} as const satisfies Record<string, OptionRow>;
