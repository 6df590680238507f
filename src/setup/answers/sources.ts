import { Failure } from "../../domain/failure.ts";
import { answersFailure, BAD_VALUE } from "../../messages/failures/setup/answers.ts";
import { type Answers, type Origin, withAnswer } from "./answers.ts";
import type { AnswersFile } from "./file.ts";
import { environmentName } from "./option.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "./options.ts";
import { readValue } from "./read-value.ts";

/** Texts of the options that were typed, as the argument parser gives them (a plain flag is `["true"]`). */
export type FlagTexts = { readonly [K in OptionKey]?: readonly string[] };

/**
 * Merges the three sources that a person or a script wrote: flag > environment > answers file.
 * @throws Failure `settings`, code `bad-value`: all bad values at once, one a line
 */
export function collectAnswers(
  flags: FlagTexts,
  environment: NodeJS.ProcessEnv,
  file: AnswersFile | undefined,
): Answers {
  const problems: Failure[] = [];
  let answers: Answers = {};
  for (const key of OPTION_KEYS) {
    const source = sourceOf(key, flags, environment, file);
    if (source === undefined) continue;
    try {
      answers = withAnswer(answers, key, readValue(key, source.texts, source.name), source.origin) as Answers;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(error);
    }
  }
  const [first] = problems;
  if (problems.length === 1 && first !== undefined) throw first;
  if (first !== undefined) {
    throw answersFailure("bad-value", { reason: BAD_VALUE.several(problems) });
  }
  return answers;
}

interface Source {
  readonly texts: readonly string[];
  readonly name: string;
  readonly origin: Origin;
}

function sourceOf(
  key: OptionKey,
  flags: FlagTexts,
  environment: NodeJS.ProcessEnv,
  file: AnswersFile | undefined,
): Source | undefined {
  const row = OPTIONS[key];
  const typed = flags[key];
  if (typed !== undefined)
    return { texts: typed, name: row.flag, origin: { kind: "flag", detail: row.flag } };
  const variable = environmentName(row);
  const text = environment[variable];
  // An empty variable counts as not set: provisioning tools export empty ones.
  if (text !== undefined && text !== "") {
    return { texts: [text], name: variable, origin: { kind: "environment", detail: variable } };
  }
  const written = file?.values.get(key);
  if (file === undefined || written === undefined) return undefined;
  return {
    texts: written.texts,
    name: `${file.name}:${written.line}: ${"path" in row ? row.path : row.flag}`,
    origin: { kind: "answers-file", detail: `${file.name}:${written.line}` },
  };
}
