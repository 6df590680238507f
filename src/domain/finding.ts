import type { Text } from "./text.ts";

/** `skipped`: it could not be looked at. */
export type FindingStatus = "ok" | "warning" | "problem" | "skipped";

/** One thing that the doctor looked at: a row of the catalogue in `messages/`. */
export interface Finding {
  /** Stable name of the check, kebab-case; a check has a row for each of its outcomes. */
  readonly check: string;
  readonly status: FindingStatus;
  /** In English, for JSON. */
  readonly message: string;
  /** What to do about a warning or a problem, in English. */
  readonly remedy?: string;
  /** For people. */
  readonly text: Text;
  readonly remedyText?: Text;
}

/** A finding from its texts. */
export function finding(check: string, status: FindingStatus, text: Text, remedyText?: Text): Finding {
  const remedy = remedyText === undefined ? {} : { remedy: remedyText.en, remedyText };
  return { check, status, message: text.en, text, ...remedy };
}
