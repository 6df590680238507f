import { warningRow, warningsOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

/** What a person should know of the cluster before its Impalads are balanced. */
export const CLUSTER_WARNINGS = {
  "impalad-note": warningRow<{ host: string; note: Text }>({
    message: ({ host, note }) => ({ en: `${host}: ${note.en}`, ja: `${host}: ${note.ja}` }),
    example: {
      host: "server1.example.com",
      note: { en: "health is CONCERNING", ja: "ヘルスは CONCERNING です" },
    },
  }),
} as const;

export const clusterWarning = warningsOf(CLUSTER_WARNINGS);
