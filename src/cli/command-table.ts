import type { Text } from "../domain/text.ts";

import type { OptionKey } from "../setup/answers/options.ts";

/** An option that only one command takes (those of the option table are named in `options`). */
export interface OwnOption {
  readonly flag: string;
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly help: Text;
}

/** One row of the command table: parser, help, completion and man page are made from it. */
export interface CommandRow {
  /** Words after the program's name: `["balancer", "run"]`; empty for the set-up itself. */
  readonly words: readonly string[];
  /** Positional argument in commander's notation: `<name>`, `[name]`. */
  readonly argument?: { readonly name: string; readonly choices?: readonly string[] };
  readonly help: Text;
  readonly options: readonly OptionKey[];
  readonly own?: readonly OwnOption[];
}

const OUTPUT = ["json", "lang", "color", "verbose"] as const;
const CLOUDERA = [
  "cmUrl",
  "cmUser",
  "cmPasswordFile",
  "cmPasswordStdin",
  "cmCaFile",
  "cmInsecure",
  "cmTimeout",
  "cluster",
  "hueService",
  "impalaService",
] as const;
const UNATTENDED = ["nonInteractive", "dryRun", "check", "yes"] as const;
const HUE = [
  "target",
  "hueIni",
  "serverHost",
  "serverPort",
  "serverConnTimeout",
  "restartHue",
  "hueUnit",
  "force",
  "allowInvalidUtf8",
] as const;
const BALANCER = ["impalads", "balancer", "listen", "balance", "allow", "adminListen"] as const;
const PLACES = ["spec", "haproxyConfig", "agentConfig", "unitDir", "stateDir"] as const;

const control: OwnOption = {
  flag: "--socket",
  placeholder: "PATH",
  help: { en: "control socket of the running balancer", ja: "動作中のロードバランサーの制御ソケット" },
};

export const COMMANDS = [
  {
    words: [],
    help: {
      en: "make Hue use all Impalads: a wizard on a terminal, --non-interactive in scripts",
      ja: "Hue からすべての Impalad を使う設定をする (端末では対話形式、スクリプトでは --non-interactive)",
    },
    options: [
      ...UNATTENDED,
      "answers",
      "saveAnswers",
      ...HUE,
      ...CLOUDERA,
      "setImpalaLoadBalancer",
      ...BALANCER,
      ...PLACES,
      ...OUTPUT,
    ],
  },
  {
    words: ["discover"],
    help: {
      en: "list the Impalads that Cloudera Manager knows, eligible or why not",
      ja: "Cloudera Manager が知る Impalad を、使えるかどうかとその理由とともに一覧する",
    },
    options: ["answers", ...CLOUDERA, ...OUTPUT],
  },
  {
    words: ["balancer", "run"],
    help: {
      en: "run the bundled balancer in the foreground",
      ja: "付属のロードバランサーを起動する (フォアグラウンド)",
    },
    options: ["impalads", "listen", "balance", "allow", "adminListen", "spec", ...OUTPUT],
    own: [
      control,
      {
        flag: "--log-format",
        placeholder: "FORMAT",
        choices: ["text", "json"],
        help: { en: "log lines as text or JSON", ja: "ログの形式: text または json" },
      },
    ],
  },
  {
    words: ["balancer", "check"],
    help: {
      en: "validate a specification and what it needs on this host",
      ja: "仕様ファイルとこのホストの前提を検査する",
    },
    options: ["spec", ...OUTPUT],
  },
  {
    words: ["balancer", "status"],
    help: {
      en: "backends, connections and sessions of the running balancer",
      ja: "動作中のロードバランサーの状態を表示する",
    },
    options: ["spec", ...OUTPUT],
    own: [control],
  },
  {
    words: ["balancer", "drain"],
    argument: { name: "<backend>" },
    help: {
      en: "give a backend no new sessions, keep the ones it has",
      ja: "バックエンドに新しいセッションを割り当てない (既存は維持)",
    },
    options: ["spec", ...OUTPUT],
    own: [
      control,
      {
        flag: "--wait",
        help: { en: "return when its last session has ended", ja: "最後のセッションが終わるまで待つ" },
      },
    ],
  },
  {
    words: ["balancer", "ready"],
    argument: { name: "<backend>" },
    help: { en: "end a drain", ja: "drain を終える" },
    options: ["spec", ...OUTPUT],
    own: [control],
  },
  {
    words: ["balancer", "reload"],
    help: {
      en: "apply a changed specification, no connection is closed",
      ja: "変更した仕様を接続を切らずに適用する",
    },
    options: ["spec", ...OUTPUT],
    own: [control],
  },
  {
    words: ["haproxy", "print"],
    help: { en: "print the HAProxy configuration", ja: "HAProxy の設定を出力する" },
    options: [
      "answers",
      "impalads",
      "listen",
      "balance",
      "allow",
      "adminListen",
      "spec",
      ...CLOUDERA,
      ...OUTPUT,
    ],
  },
  {
    words: ["haproxy", "check"],
    help: {
      en: "check the HAProxy configuration with the installed HAProxy",
      ja: "インストール済みの HAProxy で設定を検査する",
    },
    options: ["haproxyConfig", ...OUTPUT],
  },
  {
    words: ["keepalived", "print"],
    help: {
      en: "print a keepalived configuration for a pair of balancer hosts",
      ja: "2 台構成用の keepalived の設定を出力する",
    },
    options: ["listen", ...OUTPUT],
    own: [
      {
        flag: "--interface",
        placeholder: "NAME",
        help: {
          en: "network interface of the virtual address",
          ja: "仮想アドレスのネットワークインターフェース",
        },
      },
      {
        flag: "--virtual-ip",
        placeholder: "ADDRESS/BITS",
        help: { en: "address that moves between the hosts", ja: "2 台の間で移動するアドレス" },
      },
      {
        flag: "--own-ip",
        placeholder: "ADDRESS",
        help: { en: "this host's address", ja: "このホストのアドレス" },
      },
      {
        flag: "--peer-ip",
        placeholder: "ADDRESS",
        help: { en: "the other host's address", ja: "もう 1 台のアドレス" },
      },
      {
        flag: "--router-id",
        placeholder: "1-255",
        help: { en: "VRRP router id, the same on both hosts", ja: "VRRP ルーター ID (両ホストで同じ)" },
      },
      {
        flag: "--preferred",
        help: {
          en: "this host takes the address when both start together",
          ja: "同時に起動したときはこのホストがアドレスを持つ",
        },
      },
    ],
  },
  {
    words: ["doctor"],
    help: {
      en: "check the whole way, read-only, from what Hue reads to an answer of an Impalad",
      ja: "Hue の読む設定から Impalad の応答までを読み取りだけで検査する",
    },
    options: ["answers", ...HUE, ...CLOUDERA, "balancer", "spec", "haproxyConfig", "stateDir", ...OUTPUT],
  },
  {
    words: ["undo"],
    help: { en: "reverse the last apply from the journal", ja: "直前の適用をジャーナルから元に戻す" },
    options: [...UNATTENDED, ...CLOUDERA, "stateDir", ...OUTPUT],
  },
  {
    words: ["sync"],
    help: {
      en: "discover again and update the balancer's members; for a timer",
      ja: "再探索してロードバランサーのメンバーだけを更新する (タイマー用)",
    },
    options: [
      "dryRun",
      "check",
      "answers",
      ...CLOUDERA,
      "balancer",
      "spec",
      "haproxyConfig",
      "stateDir",
      ...OUTPUT,
    ],
  },
  {
    words: ["config", "show"],
    help: { en: "every setting with its origin", ja: "すべての設定とその出所を表示する" },
    options: ["answers", ...HUE, ...CLOUDERA, "setImpalaLoadBalancer", ...BALANCER, ...PLACES, ...OUTPUT],
  },
  {
    words: ["completion"],
    argument: { name: "<shell>", choices: ["bash", "zsh"] },
    help: { en: "print a completion script", ja: "シェル補完スクリプトを出力する" },
    options: [...OUTPUT],
  },
] as const satisfies readonly CommandRow[];
