import { warningRow, warningsOf } from "../../domain/catalogue.ts";

/** Reading settings. */
export const ANSWERS_WARNINGS = {
  "password-file-readable": warningRow<{ path: string }>({
    message: ({ path }) => ({
      en: `${path} can be read by others than its owner: chmod 600 ${path}`,
      ja: `${path} は所有者以外も読み取れます。chmod 600 ${path} を実行してください`,
    }),
    example: { path: "cm.pw" },
  }),
} as const;

export const answersWarning = warningsOf(ANSWERS_WARNINGS);
