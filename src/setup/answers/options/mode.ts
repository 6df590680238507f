import type { OptionRow } from "../option.ts";
import { READING_ANSWERS } from "./commands.ts";

/** What the run does. */
export const MODE_OPTIONS = {
  nonInteractive: {
    flag: "--non-interactive",
    type: { kind: "flag" },
    group: "mode",
    commands: ["setup", "undo"],
    thisRunOnly: true,
    help: {
      en: "ask nothing; missing values are listed, exit 78",
      ja: "質問しない。足りない値は一覧で示し、終了コード 78",
    },
  },
  dryRun: {
    flag: "--dry-run",
    type: { kind: "flag" },
    group: "mode",
    commands: ["setup", "undo", "sync"],
    thisRunOnly: true,
    help: { en: "show the plan and the diffs, change nothing", ja: "計画と差分を示すだけで、何も変更しない" },
  },
  check: {
    flag: "--check",
    type: { kind: "flag" },
    group: "mode",
    commands: ["setup", "undo", "sync"],
    thisRunOnly: true,
    help: {
      en: "like --dry-run; exit 2 if anything would change",
      ja: "--dry-run と同じ。変更があれば終了コード 2",
    },
  },
  yes: {
    flag: "--yes",
    type: { kind: "flag" },
    group: "mode",
    commands: ["setup", "undo"],
    thisRunOnly: true,
    help: {
      en: "apply without asking (implied by --non-interactive)",
      ja: "確認せずに適用する (--non-interactive では常に)",
    },
  },
  answers: {
    flag: "--answers",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "mode",
    commands: READING_ANSWERS,
    thisRunOnly: true,
    help: {
      en: "read settings from a YAML or JSON file, - for standard input",
      ja: "設定を YAML か JSON のファイルから読む (- は標準入力)",
    },
  },
  saveAnswers: {
    flag: "--save-answers",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "mode",
    commands: ["setup"],
    thisRunOnly: true,
    help: {
      en: "write the settings of this run to a file (never the password)",
      ja: "今回の設定をファイルに保存する (パスワードは除く)",
    },
  },
} as const satisfies Record<string, OptionRow>;
