import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** Why a setting is needed. */
export const WHY = {
  reach: { en: "to reach Cloudera Manager", ja: "Cloudera Manager に接続するため" },
  login: { en: "to log in to Cloudera Manager", ja: "Cloudera Manager にログインするため" },
  members: {
    en: "to know what to balance (or --cm-url, to discover them)",
    ja: "振り分け先を決めるため (Cloudera Manager から検出するときは --cm-url)",
  },
  host: {
    en: "the balancer's host (--balancer external)",
    ja: "ロードバランサーのホスト (--balancer external)",
  },
  port: {
    en: "the balancer's port (--balancer external)",
    ja: "ロードバランサーのポート (--balancer external)",
  },
  noHueIni: {
    en: "no hue.ini was found in /etc/hue or /etc/hue/conf",
    ja: "/etc/hue にも /etc/hue/conf にも hue.ini がありません",
  },
  /** `paths`: the one that Hue reads first; `evidence`: how that is known, if it is. */
  hueInisDiffer: (paths: readonly string[], evidence: Text | undefined): Text => {
    const en =
      evidence === undefined ? `Hue's packages read ${paths[0]}` : `${evidence.en}: Hue reads ${paths[0]}`;
    const ja =
      evidence === undefined
        ? `Hue のパッケージが読むのは ${paths[0]} です`
        : `Hue が読むのは ${paths[0]} です (${evidence.ja})`;
    return {
      en: `${paths.join(" and ")} both exist and differ; ${en}`,
      ja: `${paths.join(" と ")} の両方があり、内容が違います。${ja}`,
    };
  },
} as const;

/** Answers that contradict each other, the cluster or this host. */
export const SETTLE_FAILURES = {
  "no-hue-service": failureRow<{ cluster: string }>({
    kind: "settings",
    message: ({ cluster }) => ({
      en: `cluster "${cluster}" has no Hue service`,
      ja: `クラスター "${cluster}" に Hue サービスがありません`,
    }),
    hint: {
      en: "choose another cluster with --cluster, or edit a hue.ini with --target hue-ini",
      ja: "--cluster で別のクラスターを選ぶか、--target hue-ini で hue.ini を編集してください",
    },
    example: { cluster: "Cluster 1" },
  }),
  "no-impalad": failureRow({
    kind: "settings",
    message: { en: "there is no Impalad to balance", ja: "振り分け先の Impalad がありません" },
    hint: {
      en: "name them with --impalad, or give --cm-url",
      ja: "--impalad で指定するか、--cm-url を指定してください",
    },
  }),
  "needs-cloudera": failureRow({
    kind: "settings",
    message: {
      en: "--set-impala-load-balancer needs Cloudera Manager",
      ja: "--set-impala-load-balancer には Cloudera Manager が必要です",
    },
    hint: { en: "give --cm-url", ja: "--cm-url を指定してください" },
  }),
  "keytab-not-for-host": failureRow<{ keytab: string; asked: string; names: readonly string[] }>({
    kind: "settings",
    message: ({ keytab, asked, names }) => ({
      en: `Hue would ask for a ticket of ${asked}, and ${keytab} has only keys of ${names.join(", ")}`,
      ja: `Hue は ${asked} のチケットを要求しますが、${keytab} にあるのは ${names.join("、")} の鍵だけです`,
    }),
    hint: {
      en: "give the host of one of these names with --server-host (it must lead to this host), or a keytab with a key of this host",
      ja: "このどれかの名前のホスト (このホストに解決されるもの) を --server-host で指定するか、このホストの鍵がある keytab を指定してください",
    },
    example: {
      keytab: "/etc/hue/hue.keytab",
      asked: "impala/hue1.example.com",
      names: ["hue/other.example.com@EXAMPLE.COM"],
    },
  }),
  "sync-before-setup": failureRow<{ path: string }>({
    kind: "settings",
    message: ({ path }) => ({ en: `${path} does not exist`, ja: `${path} がありません` }),
    hint: {
      en: "run hue-impala-setup first; sync only updates its result",
      ja: "先に hue-impala-setup を実行してください。sync はその結果を更新するだけです",
    },
    example: { path: "/etc/hue-impala-setup/balancer.json" },
  }),
} as const;

export const settleFailure = failuresOf(SETTLE_FAILURES);
