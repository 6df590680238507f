import { shellWord } from "../../domain/words/shell.ts";
import { type Answers, answerOf, isGiven } from "../../setup/answers/answers.ts";
import type { OptionRow } from "../../setup/answers/option.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "../../setup/answers/options.ts";
import { writeValue } from "../../setup/answers/read-value.ts";

/** The one line that does unattended what these answers did: every given value as a flag, never the password. */
export function equivalentCommand(answers: Answers): string {
  const words = ["hue-impala-setup", "--non-interactive"];
  for (const key of OPTION_KEYS) {
    if (isRepeated(OPTIONS[key]) && isGiven(answers, key)) words.push(...flagWords(key, answers));
  }
  if (answerOf(answers, "cmUrl") !== undefined && !isGiven(answers, "cmPasswordFile")) {
    words.push("--cm-password-file", "FILE");
  }
  return words.map(shellWord).join(" ");
}

/** True for what says how things are set up, not how this run behaved. */
function isRepeated({ thisRunOnly, commands }: OptionRow): boolean {
  return thisRunOnly !== true && commands.includes("setup");
}

function flagWords<K extends OptionKey>(key: K, answers: Answers): string[] {
  const value = answerOf(answers, key);
  const { flag, type } = OPTIONS[key];
  if (value === undefined || value === false) return [];
  if (type.kind === "flag") return [flag];
  return writeValue(key, value).flatMap((text) => [flag, text]);
}
