import type { ChalkInstance } from "chalk";
import type { Failure } from "../../domain/failure.ts";
import type { Language } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";

const WORDS = {
  error: { en: "Error", ja: "エラー" },
  remedy: { en: "What to do", ja: "対処" },
  warning: { en: "Warning", ja: "警告" },
} as const;

/** What went wrong and what to do about it, for people; ends with a line end. */
export function failureText(failure: Failure, colours: ChalkInstance, language: Language): string {
  const first = `${colours.red.bold(`${WORDS.error[language]}:`)} ${clean(failure.text[language])}\n`;
  const hint = failure.hintText?.[language] ?? "";
  if (hint === "") return first;
  return `${first}${colours.bold(`${WORDS.remedy[language]}:`)} ${clean(hint)}\n`;
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
        `${colours.yellow.bold(`${WORDS.warning[language]}:`)} ${clean(text?.[language] ?? message)}\n`,
    )
    .join("");
}

/** Takes out what could steer a terminal; names and messages come from other hosts. */
export function clean(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}
