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
  "name-leads-elsewhere": warningRow<{ name: string; address: string; listen: string }>({
    message: ({ name, address, listen }) => ({
      en: `${name} leads to ${address} here, and the balancer listens on ${listen} only: listen where the name leads (--listen ${address}:PORT), or make it lead there in /etc/hosts`,
      ja: `${name} はこのホストでは ${address} に解決されますが、ロードバランサーの待ち受けは ${listen} だけです。--listen ${address}:PORT を指定するか、/etc/hosts で名前の解決先を変えてください`,
    }),
    example: { name: "hue1.example.com", address: "10.0.0.7", listen: "127.0.0.1:10001" },
  }),
} as const;

export const clusterWarning = warningsOf(CLUSTER_WARNINGS);
