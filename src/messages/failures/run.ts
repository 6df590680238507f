import { failureRow, failuresOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

/** How a whole run can end, whatever it was doing. */
export const RUN_FAILURES = {
  interrupted: failureRow<{ what: Text } | undefined>({
    kind: "interrupted",
    message: (values) => values?.what ?? { en: "interrupted", ja: "中断しました" },
    example: undefined,
  }),
  unexpected: failureRow<{ reason: string }>({
    kind: "failed",
    message: ({ reason }) => ({ en: reason, ja: reason }),
    hint: {
      en: "this is a defect of hue-impala-setup; please report it with the command that you ran",
      ja: "これは hue-impala-setup の不具合です。実行したコマンドを添えて報告してください",
    },
    example: { reason: "Cannot read properties of undefined (reading 'host')" },
  }),
} as const;

export const runFailure = failuresOf(RUN_FAILURES);
