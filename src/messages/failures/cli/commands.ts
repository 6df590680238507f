import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** What a command needs a terminal for, and what to do without one. */
export const NO_TERMINAL = {
  setup: {
    reason: {
      en: "there is no terminal to ask questions on",
      ja: "質問するための端末がありません",
    },
    hint: (hueIni: string): Text => ({
      en: `run unattended: hue-impala-setup --non-interactive --hue-ini ${hueIni} --impalad HOST … (add --dry-run to see the diff first); missing values are listed`,
      ja: `無人で実行してください: hue-impala-setup --non-interactive --hue-ini ${hueIni} --impalad HOST … (--dry-run を付けると差分だけを表示します)。足りない値は一覧で示されます`,
    }),
  },
  undo: {
    reason: { en: "there is no terminal to ask on", ja: "確認するための端末がありません" },
    hint: {
      en: "give --yes, or --dry-run to see the diff",
      ja: "--yes を指定するか、--dry-run で差分を確認してください",
    },
  },
} as const;

/** What commands refuse before they begin. */
export const COMMAND_FAILURES = {
  "stdin-is-terminal": failureRow({
    kind: "usage",
    message: { en: "standard input is a terminal", ja: "標準入力が端末です" },
    hint: {
      en: "redirect it from a file or a pipe",
      ja: "ファイルまたはパイプからリダイレクトしてください",
    },
  }),
  "stdin-twice": failureRow({
    kind: "usage",
    message: {
      en: "--answers - and --cm-password-stdin both read standard input",
      ja: "--answers - と --cm-password-stdin は、どちらも標準入力を読みます",
    },
    hint: { en: "use a file for one", ja: "一方にはファイルを使ってください" },
  }),
  "no-terminal": failureRow<{ reason: Text; hint: Text }>({
    kind: "usage",
    message: ({ reason }) => reason,
    hint: ({ hint }) => hint,
    example: { reason: NO_TERMINAL.undo.reason, hint: NO_TERMINAL.undo.hint },
  }),
  declined: failureRow({
    kind: "interrupted",
    message: { en: "declined; nothing was changed", ja: "中止しました。何も変更していません" },
  }),
  "nothing-to-undo": failureRow<{ stateDir: string }>({
    kind: "failed",
    message: ({ stateDir }) => ({
      en: `no apply is recorded in ${stateDir}`,
      ja: `${stateDir} に適用の記録がありません`,
    }),
    hint: { en: "name the folder with --state-dir", ja: "--state-dir でフォルダーを指定してください" },
    example: { stateDir: "/var/lib/hue-impala-setup" },
  }),
  "haproxy-config-missing": failureRow<{ path: string }>({
    kind: "settings",
    message: ({ path }) => ({ en: `${path} does not exist`, ja: `${path} がありません` }),
    hint: { en: "name it with --haproxy-config", ja: "--haproxy-config で指定してください" },
    example: { path: "/etc/impala/haproxy-impala.conf" },
  }),
} as const;

export const commandFailure = failuresOf(COMMAND_FAILURES);
