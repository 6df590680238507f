import type { OptionRow } from "../option.ts";

/** How the program speaks. */
export const OUTPUT_OPTIONS = {
  json: {
    flag: "--json",
    type: { kind: "flag" },
    group: "output",
    help: { en: "exactly one JSON document on standard output", ja: "標準出力に JSON を 1 つだけ出す" },
  },
  lang: {
    flag: "--lang",
    placeholder: "LANG",
    type: { kind: "choice", choices: ["en", "ja"] },
    group: "output",
    defaultText: { en: "from LC_ALL, LC_MESSAGES, LANG", ja: "LC_ALL, LC_MESSAGES, LANG から" },
    help: { en: "language: en or ja", ja: "表示言語: en または ja" },
  },
  color: {
    flag: "--color",
    placeholder: "WHEN",
    type: { kind: "choice", choices: ["auto", "always", "never"] },
    group: "output",
    defaultText: "auto",
    help: { en: "colours: auto, always, never", ja: "色: auto, always, never" },
  },
  verbose: {
    flag: "--verbose",
    type: { kind: "flag" },
    group: "output",
    help: { en: "say on standard error what is read and done", ja: "読み取りと変更の詳細を標準エラーに出す" },
  },
} as const satisfies Record<string, OptionRow>;
