import type { OptionRow } from "../option.ts";
import { COMMAND_NAMES } from "./commands.ts";

/** How the program speaks. */
export const OUTPUT_OPTIONS = {
  json: {
    flag: "--json",
    type: { kind: "flag" },
    group: "output",
    commands: COMMAND_NAMES,
    thisRunOnly: true,
    help: { en: "exactly one JSON document on standard output", ja: "標準出力に JSON を 1 つだけ出す" },
  },
  lang: {
    flag: "--lang",
    placeholder: "LANG",
    type: {
      kind: "choice",
      choices: { en: { en: "English", ja: "英語" }, ja: { en: "Japanese", ja: "日本語" } },
    },
    group: "output",
    commands: COMMAND_NAMES,
    thisRunOnly: true,
    default: {
      described: { en: "from LC_ALL, LC_MESSAGES, LANG", ja: "LC_ALL, LC_MESSAGES, LANG から" },
    },
    help: { en: "language: en or ja", ja: "表示言語: en または ja" },
  },
  color: {
    flag: "--color",
    placeholder: "WHEN",
    type: {
      kind: "choice",
      choices: {
        auto: { en: "on a terminal", ja: "端末のときだけ" },
        always: { en: "always", ja: "常に使う" },
        never: { en: "never", ja: "使わない" },
      },
    },
    group: "output",
    commands: COMMAND_NAMES,
    thisRunOnly: true,
    default: "auto",
    help: { en: "colours: auto, always, never", ja: "色: auto, always, never" },
  },
  verbose: {
    flag: "--verbose",
    type: { kind: "flag" },
    group: "output",
    commands: COMMAND_NAMES,
    thisRunOnly: true,
    help: { en: "say on standard error what is read and done", ja: "読み取りと変更の詳細を標準エラーに出す" },
  },
} as const satisfies Record<string, OptionRow>;
