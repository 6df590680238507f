import type { Answers } from "./answers.ts";
import type { OptionRow } from "./option.ts";
import type { Known, Question, Stage } from "./options/question.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "./options.ts";

/** The question of an option, or undefined for one that is never asked for. */
export function questionOf(key: OptionKey): Question | undefined {
  const row: OptionRow = OPTIONS[key];
  return row.question;
}

/** The options that are asked for at a stage, in the order of their questions. */
export function questionsAt(stage: Stage): OptionKey[] {
  return OPTION_KEYS.flatMap((key) => {
    const question = questionOf(key);
    return question?.stage === stage ? [{ key, order: question.order }] : [];
  })
    .toSorted((a, b) => a.order - b.order)
    .map(({ key }) => key);
}

/** Whether an option's question has a meaning, as far as things are known. */
export function matters(key: OptionKey, answers: Answers): boolean {
  const question = questionOf(key);
  return question !== undefined && (question.when === undefined || question.when(valuesOf(answers)));
}

function valuesOf(answers: Answers): Known {
  return Object.fromEntries(Object.entries(answers).map(([key, { value }]) => [key, value]));
}
