import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** Where a person who typed something wrong finds what can be typed. */
const HELP: Text = {
  en: "hue-impala-setup --help lists commands and options",
  ja: "コマンドとオプションの一覧は hue-impala-setup --help で表示できます",
};

/** What was probably meant, where something is near. */
function suggestion(meant: string | undefined): Text {
  return meant === undefined ? HELP : { en: `did you mean ${meant}?`, ja: `${meant} ではありませんか?` };
}

/** What can be wrong with a command line. */
export const USAGE_FAILURES = {
  "unknown-option": failureRow<{ option: string; command?: string; meant?: string }>({
    kind: "usage",
    message: ({ option, command }) =>
      command === undefined || command === ""
        ? { en: `unknown option '${option}'`, ja: `'${option}' というオプションはありません` }
        : {
            en: `unknown option '${option}' of ${command}`,
            ja: `${command} に '${option}' というオプションはありません`,
          },
    hint: ({ meant }) => suggestion(meant),
    example: { option: "--hue-inni", command: "doctor", meant: "--hue-ini" },
  }),
  "unknown-command": failureRow<{ command: string; meant?: string }>({
    kind: "usage",
    message: ({ command }) => ({
      en: `unknown command '${command}'`,
      ja: `'${command}' というコマンドはありません`,
    }),
    hint: ({ meant }) => suggestion(meant),
    example: { command: "discovr", meant: "discover" },
  }),
  "option-missing-argument": failureRow<{ option: string }>({
    kind: "usage",
    message: ({ option }) => ({
      en: `option '${option}' argument missing`,
      ja: `オプション '${option}' の値がありません`,
    }),
    hint: HELP,
    example: { option: "--hue-ini <PATH>" },
  }),
  "invalid-argument": failureRow<{ option: string; value: string; choices: readonly string[] }>({
    kind: "usage",
    message: ({ option, value, choices }) => {
      const allowed = choices.join(", ");
      return choices.length === 0
        ? {
            en: `option '${option}' argument '${value}' is invalid. "${value}" is an option: the value is missing.`,
            ja: `オプション '${option}' の値がありません ("${value}" はオプションです)`,
          }
        : {
            en: `option '${option}' argument '${value}' is invalid. Allowed choices are ${allowed}.`,
            ja: `オプション '${option}' に '${value}' は指定できません。指定できる値: ${allowed}`,
          };
    },
    hint: HELP,
    example: { option: "--log-format <FORMAT>", value: "xml", choices: ["text", "json"] },
  }),
  "missing-argument": failureRow<{ command: string; argument: string }>({
    kind: "usage",
    message: ({ command, argument }) => ({
      en: `${command} needs ${argument}`,
      ja: `${command} には ${argument} が必要です`,
    }),
    hint: HELP,
    example: { command: "balancer drain", argument: "<backend>" },
  }),
  "too-many-arguments": failureRow<{ command: string; surplus: string }>({
    kind: "usage",
    message: ({ command, surplus }) => ({
      en: `${command} takes one argument, not also "${surplus}"`,
      ja: `${command} の引数は 1 つです。"${surplus}" は余分です`,
    }),
    hint: HELP,
    example: { command: "balancer drain", surplus: "impala2" },
  }),
  "bad-argument": failureRow<{ argument: string; choices: readonly string[] }>({
    kind: "usage",
    message: ({ argument, choices }) => ({
      en: `"${argument}" is none of ${choices.join(", ")}`,
      ja: `"${argument}" は指定できません。指定できる値: ${choices.join(", ")}`,
    }),
    hint: HELP,
    example: { argument: "tcsh", choices: ["bash", "zsh"] },
  }),
} as const;

export const usageFailure = failuresOf(USAGE_FAILURES);
