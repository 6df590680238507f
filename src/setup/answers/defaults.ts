import { type Answers, answerOf, type OptionValue } from "./answers.ts";
import { OPTIONS, type OptionKey } from "./options.ts";
import { readValue } from "./read-value.ts";

type Options = typeof OPTIONS;

/** Options whose default is a fixed value. */
export type FixedKey = {
  [K in OptionKey]: Options[K] extends { default: string | number } ? K : never;
}[OptionKey];

/** The fixed default of an option. */
export function defaultOf<K extends FixedKey>(key: K): OptionValue<K> {
  const row = OPTIONS[key];
  return readValue(key, [String(row.default)], row.flag);
}

/** The value of an answer, else the option's fixed default. */
export function settingOf<K extends FixedKey>(answers: Answers, key: K): OptionValue<K> {
  return answerOf(answers, key) ?? defaultOf(key);
}
