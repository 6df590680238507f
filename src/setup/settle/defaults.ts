import { type Answers, isGiven } from "../answers/answers.ts";
import { OPTION_KEYS, type OptionKey } from "../answers/options.ts";
import type { Survey } from "../survey/survey.ts";
import { CONCLUSIONS, type Source } from "./conclusions.ts";

/** The options that something can be concluded for, each below those that it depends on. */
const ORDER = Object.keys(CONCLUSIONS) as OptionKey[];

/**
 * The answers with all that can be concluded from them without asking: what was discovered, and the defaults. Defaults
 * among them are concluded anew; everything else stays. One pass, since {@link CONCLUSIONS} are in order.
 */
export function withDefaults(known: Answers, survey: Survey): Answers {
  return concluded(
    without(known, (key) => known[key]?.origin.kind === "default"),
    survey,
    ORDER,
  );
}

/**
 * The answers after one of them, or what Cloudera Manager tells, has changed: only what depends on it is concluded
 * anew.
 */
export function concludedAnew(answers: Answers, changed: Source, survey: Survey): Answers {
  const keys = dependents(changed);
  return concluded(
    without(answers, (key) => keys.includes(key) && !isGiven(answers, key)),
    survey,
    keys,
  );
}

function concluded(known: Answers, survey: Survey, keys: readonly OptionKey[]): Answers {
  let answers = known;
  for (const key of keys) {
    const answer = answers[key] ?? CONCLUSIONS[key]?.conclude(answers, survey);
    if (answer !== undefined) answers = { ...answers, [key]: answer };
  }
  return answers;
}

/** All that follows from a source, directly or through others, in the order in which it is concluded. */
function dependents(changed: Source): OptionKey[] {
  const found = new Set<Source>([changed]);
  for (const key of ORDER) {
    if (CONCLUSIONS[key]?.from.some((source) => found.has(source))) found.add(key);
  }
  return ORDER.filter((key) => key !== changed && found.has(key));
}

function without(answers: Answers, gone: (key: OptionKey) => boolean): Answers {
  return Object.fromEntries(
    OPTION_KEYS.filter((key) => !gone(key)).flatMap((key) =>
      answers[key] === undefined ? [] : [[key, answers[key]]],
    ),
  );
}
