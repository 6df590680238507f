import type { ChalkInstance } from "chalk";
import type { Failure } from "../../domain/failure.ts";
import type { Language } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { visibleLines } from "../../domain/words/visible.ts";

const WORDS = {
  error: { en: "Error", ja: "エラー" },
  remedy: { en: "What to do", ja: "対処" },
  warning: { en: "Warning", ja: "警告" },
} as const;

/** What went wrong and what to do about it, for people; ends with a line end. */
export function failureText(failure: Failure, colours: ChalkInstance, language: Language): string {
  const first = `${colours.red.bold(`${WORDS.error[language]}:`)} ${visibleLines(failure.text[language])}\n`;
  const hint = failure.hintText?.[language] ?? "";
  if (hint === "") return first;
  return `${first}${colours.bold(`${WORDS.remedy[language]}:`)} ${visibleLines(hint)}\n`;
}

/** A failure in a JSON document, English in every language. */
export function failureDocument({ code, message, hint }: Failure): object {
  return { code, message, ...(hint === undefined || hint === "" ? {} : { hint }) };
}

/** One line per warning; "" for none. */
export function warningsText(
  warnings: readonly Warning[],
  colours: ChalkInstance,
  language: Language,
): string {
  return warnings
    .map(
      ({ message, text }) =>
        `${colours.yellow.bold(`${WORDS.warning[language]}:`)} ${visibleLines(text?.[language] ?? message)}\n`,
    )
    .join("");
}
