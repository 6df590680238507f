import type { Language } from "../domain/text.ts";

/**
 * The language for people: `--lang`, else the first of LC_ALL, LC_MESSAGES and LANG that is set. Japanese needs a UTF-8
 * locale; anything else is spoken to in English. JSON, codes and keys are English in every language.
 */
export function languageFor(choice: Language | undefined, environment: NodeJS.ProcessEnv): Language {
  if (choice !== undefined) return choice;
  const locale = environment["LC_ALL"] || environment["LC_MESSAGES"] || environment["LANG"] || "";
  return /^ja(_|\.|$)/i.test(locale) && /utf-?8/i.test(locale) ? "ja" : "en";
}
