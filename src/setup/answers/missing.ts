import type { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { PASSWORD_VARIABLE } from "../../domain/well-known.ts";
import { MISSING, settingsFailure } from "../../messages/failures/setup/settings.ts";
import { WHY } from "../../messages/failures/setup/settle.ts";
import { type Answers, answerOf } from "./answers.ts";
import { environmentName, type OptionRow } from "./option.ts";
import { OPTIONS, type OptionKey } from "./options.ts";

/** A setting that nothing has answered yet, and why it is needed. */
export interface Missing {
  readonly key: OptionKey | "cmPassword";
  readonly why: Text;
}

/** What a login to Cloudera Manager lacks. */
export function missingForLogin(answers: Answers, hasPassword: boolean): Missing[] {
  const why = WHY.login;
  return [
    ...(answerOf(answers, "cmUrl") === undefined ? [{ key: "cmUrl", why: WHY.reach } as const] : []),
    ...(answerOf(answers, "cmUser") === undefined ? [{ key: "cmUser", why } as const] : []),
    ...(hasPassword ? [] : [{ key: "cmPassword", why } as const]),
  ];
}

/** All missing settings in one error, each with its flag, variable and answers path (exit 78). */
export function missingFailure(missing: readonly Missing[]): Failure {
  const what = MISSING.list(missing.map(({ key, why }) => ({ ways: waysToSay(key), why })));
  return settingsFailure("missing-settings", { what, hint: MISSING.listHint });
}

function waysToSay(key: OptionKey | "cmPassword"): string {
  if (key === "cmPassword") {
    const { cmPasswordFile: file, cmPasswordStdin: stdin } = OPTIONS;
    return [`${file.flag} ${file.placeholder}`, stdin.flag, PASSWORD_VARIABLE, file.path].join(" | ");
  }
  const row: OptionRow = OPTIONS[key];
  const flag = row.placeholder === undefined ? row.flag : `${row.flag} ${row.placeholder}`;
  return [flag, environmentName(row), ...(row.path === undefined ? [] : [row.path])].join(" | ");
}
