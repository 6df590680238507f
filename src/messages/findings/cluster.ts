import { findingRow, findingsOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

/** What Cloudera Manager says of Impala and Hue. */
export const CLUSTER_FINDINGS = {
  "no-hue-in-cluster": findingRow<{ cluster: string }>({
    check: "hue-service",
    status: "problem",
    message: ({ cluster }) => ({
      en: `cluster "${cluster}" has no Hue service`,
      ja: `クラスター "${cluster}" に Hue サービスがありません`,
    }),
    example: { cluster: "Cluster 1" },
  }),
  impalads: findingRow<{ eligible: number; all: number; service: string }>({
    check: "impalads",
    status: ({ eligible }) => (eligible === 0 ? "problem" : "ok"),
    message: ({ eligible, all, service }) => ({
      en: `${eligible} of ${all} Impalads of ${service} are eligible`,
      ja: `${service} の Impalad ${all} 台のうち ${eligible} 台が対象です`,
    }),
    remedy: ({ eligible }) =>
      eligible === 0
        ? {
            en: "hue-impala-setup discover shows why",
            ja: "理由は hue-impala-setup discover で確認できます",
          }
        : undefined,
    example: { eligible: 0, all: 3, service: "impala" },
  }),
  "hue-loaded": findingRow<{ loaded: Text }>({
    check: "hue-loaded",
    status: "ok",
    message: ({ loaded }) => loaded,
    example: {
      loaded: {
        en: "Hue on server1 loaded server_host=lb, server_port=10001",
        ja: "server1 の Hue が読み込んだ設定: server_host=lb, server_port=10001",
      },
    },
  }),
  "hue-loaded-older": findingRow<{ loaded: Text }>({
    check: "hue-loaded",
    status: "warning",
    message: ({ loaded }) => loaded,
    remedy: {
      en: "restart Hue in Cloudera Manager: it runs with older settings",
      ja: "Cloudera Manager で Hue を再起動してください。古い設定で動いています",
    },
    example: {
      loaded: {
        en: "Hue on server1 loaded server_host=(default)",
        ja: "server1 の Hue が読み込んだ設定: server_host=(default)",
      },
    },
  }),
} as const;

export const clusterFinding = findingsOf(CLUSTER_FINDINGS);
