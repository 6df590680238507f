import type { Text } from "../../domain/text.ts";
import type { CommandName } from "../../setup/answers/options/commands.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "../../setup/answers/options.ts";

interface Description {
  /** Positional argument as it is shown: `<name>`. */
  readonly argument?: { readonly name: string; readonly choices?: readonly string[] };
  readonly help: Text;
}

/** One row of the command table: parser, help, completion and man page are made from it. */
export interface CommandRow extends Description {
  readonly name: CommandName;
  /** Words after the program's name: `["balancer", "run"]`; empty for the set-up itself. */
  readonly words: readonly string[];
  /** The options that name this command, in the order of the option table. */
  readonly options: readonly OptionKey[];
}

const DESCRIPTIONS = {
  setup: {
    help: {
      en: "make Hue use all Impalads: a wizard on a terminal, --non-interactive in scripts",
      ja: "Hue からすべての Impalad を使う設定をする (端末では対話形式、スクリプトでは --non-interactive)",
    },
  },
  discover: {
    help: {
      en: "list the Impalads that Cloudera Manager knows, eligible or why not",
      ja: "Cloudera Manager が知る Impalad を、使えるかどうかとその理由とともに一覧する",
    },
  },
  "balancer run": {
    help: {
      en: "run the bundled balancer in the foreground",
      ja: "付属のロードバランサーを起動する (フォアグラウンド)",
    },
  },
  "balancer check": {
    help: {
      en: "validate a specification and what it needs on this host",
      ja: "仕様ファイルとこのホストの前提を検査する",
    },
  },
  "balancer status": {
    help: {
      en: "backends, connections and sessions of the running balancer",
      ja: "動作中のロードバランサーの状態を表示する",
    },
  },
  "balancer drain": {
    argument: { name: "<backend>" },
    help: {
      en: "give a backend no new sessions, keep the ones it has",
      ja: "バックエンドに新しいセッションを割り当てない (既存は維持)",
    },
  },
  "balancer ready": {
    argument: { name: "<backend>" },
    help: { en: "end a drain", ja: "drain を終える" },
  },
  "balancer reload": {
    help: {
      en: "apply a changed specification, no connection is closed",
      ja: "変更した仕様を接続を切らずに適用する",
    },
  },
  "haproxy print": {
    help: { en: "print the HAProxy configuration", ja: "HAProxy の設定を出力する" },
  },
  "haproxy check": {
    help: {
      en: "check the HAProxy configuration with the installed HAProxy",
      ja: "インストール済みの HAProxy で設定を検査する",
    },
  },
  "keepalived print": {
    help: {
      en: "print a keepalived configuration for a pair of balancer hosts",
      ja: "2 台構成用の keepalived の設定を出力する",
    },
  },
  doctor: {
    help: {
      en: "check the whole way, read-only, from what Hue reads to an answer of an Impalad",
      ja: "Hue の読む設定から Impalad の応答までを読み取りだけで検査する",
    },
  },
  undo: {
    help: { en: "reverse the last apply from the journal", ja: "直前の適用をジャーナルから元に戻す" },
  },
  sync: {
    help: {
      en: "discover again and update the balancer's members; for a timer",
      ja: "再探索してロードバランサーのメンバーだけを更新する (タイマー用)",
    },
  },
  "config show": {
    help: { en: "every setting with its origin", ja: "すべての設定とその出所を表示する" },
  },
  completion: {
    argument: { name: "<shell>", choices: ["bash", "zsh"] },
    help: { en: "print a completion script", ja: "シェル補完スクリプトを出力する" },
  },
} as const satisfies Record<CommandName, Description>;

/** Every command, the set-up itself first. */
export const COMMANDS: readonly CommandRow[] = Object.entries<Description>(DESCRIPTIONS).map(
  ([name, description]) => commandRow(name as CommandName, description),
);

function commandRow(name: CommandName, description: Description): CommandRow {
  const takes = (key: OptionKey): boolean => {
    const { commands }: { readonly commands: readonly CommandName[] } = OPTIONS[key];
    return commands.includes(name);
  };
  const words = name === "setup" ? [] : name.split(" ");
  return { name, words, ...description, options: OPTION_KEYS.filter(takes) };
}

/** The set-up itself, which has no word of its own. */
export const SETUP = commandRow("setup", DESCRIPTIONS.setup);
