import type { Text } from "../domain/text.ts";

/** What is being waited for. */
export const PROGRESS = {
  login: { en: "logging in to Cloudera Manager", ja: "Cloudera Manager にログインしています" },
  cluster: {
    en: "reading the cluster from Cloudera Manager",
    ja: "Cloudera Manager からクラスターの情報を読み取っています",
  },
  current: { en: "reading the current state", ja: "現在の状態を読み取っています" },
  calling: {
    en: "calling Impala through the balancer",
    ja: "ロードバランサー経由で Impala を呼び出しています",
  },
} as const satisfies Record<string, Text>;
