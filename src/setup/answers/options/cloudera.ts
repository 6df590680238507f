import { CM_TIMEOUT } from "../../../domain/well-known.ts";
import type { OptionRow } from "../option.ts";
import { ASKING_CLOUDERA } from "./commands.ts";

/** How Cloudera Manager is reached, and which of its services are meant. */
export const CLOUDERA_OPTIONS = {
  cmUrl: {
    flag: "--cm-url",
    placeholder: "URL",
    type: { kind: "text" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.url",
    help: {
      en: "Cloudera Manager: http(s)://HOST:PORT or HOST",
      ja: "Cloudera Manager: http(s)://ホスト:ポート またはホスト",
    },
    question: {
      prompt: {
        en: "Cloudera Manager's address (empty: none)?",
        ja: "Cloudera Manager のアドレスは (空欄: なし)?",
      },
      stage: "login",
      order: 3,
      when: ({ target, balancer, impalads }) =>
        target === "cloudera-manager" || (balancer !== "external" && impalads === undefined),
      optional: true,
    },
  },
  cmUser: {
    flag: "--cm-user",
    placeholder: "NAME",
    type: { kind: "text" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.user",
    help: {
      en: "user of Cloudera Manager (role Configurator or higher to change the valve)",
      ja: "Cloudera Manager のユーザー (変更には Configurator 以上の権限)",
    },
    question: {
      prompt: { en: "User of Cloudera Manager?", ja: "Cloudera Manager のユーザーは?" },
      stage: "login",
      order: 4,
      when: ({ cmUrl }) => cmUrl !== undefined,
    },
  },
  cmPasswordFile: {
    flag: "--cm-password-file",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.passwordFile",
    help: { en: "file that holds the password on its first line", ja: "1 行目にパスワードを書いたファイル" },
  },
  cmPasswordStdin: {
    flag: "--cm-password-stdin",
    type: { kind: "flag" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    thisRunOnly: true,
    help: { en: "read the password from standard input", ja: "パスワードを標準入力から読む" },
  },
  cmCaFile: {
    flag: "--cm-ca-file",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.caFile",
    help: {
      en: "CA certificates (PEM) that vouch for Cloudera Manager",
      ja: "Cloudera Manager の証明書を検証する CA (PEM)",
    },
  },
  cmInsecure: {
    flag: "--cm-insecure",
    type: { kind: "flag" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.insecure",
    help: {
      en: "do not verify Cloudera Manager's certificate (dangerous)",
      ja: "Cloudera Manager の証明書を検証しない (危険)",
    },
  },
  cmTimeout: {
    flag: "--cm-timeout",
    placeholder: "SECONDS",
    type: { kind: "seconds" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.timeout",
    default: CM_TIMEOUT,
    help: {
      en: "seconds that one answer of Cloudera Manager may take",
      ja: "Cloudera Manager の 1 回の応答を待つ秒数",
    },
  },
  cluster: {
    flag: "--cluster",
    placeholder: "NAME",
    type: { kind: "text" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.cluster",
    help: { en: "cluster, where there are several", ja: "クラスター (複数あるとき)" },
    question: {
      prompt: { en: "Which cluster?", ja: "どのクラスターですか?" },
      stage: "cluster",
      order: 1,
    },
  },
  hueService: {
    flag: "--hue-service",
    placeholder: "NAME",
    type: { kind: "text" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.hueService",
    help: { en: "Hue service, where there are several", ja: "Hue サービス (複数あるとき)" },
    question: {
      prompt: { en: "Which Hue service?", ja: "どの Hue サービスですか?" },
      stage: "cluster",
      order: 2,
    },
  },
  impalaService: {
    flag: "--impala-service",
    placeholder: "NAME",
    type: { kind: "text" },
    group: "cloudera",
    commands: ASKING_CLOUDERA,
    path: "cloudera.impalaService",
    help: { en: "Impala service, where there are several", ja: "Impala サービス (複数あるとき)" },
    question: {
      prompt: { en: "Which Impala service?", ja: "どの Impala サービスですか?" },
      stage: "cluster",
      order: 3,
    },
  },
  setImpalaLoadBalancer: {
    flag: "--set-impala-load-balancer",
    type: { kind: "flag" },
    group: "cloudera",
    commands: ["setup", "config show"],
    path: "cloudera.setImpalaLoadBalancer",
    help: {
      en: "also set Impala's own load balancer field in Cloudera Manager (needs an Impala restart)",
      ja: "Cloudera Manager の Impala 側のロードバランサー欄も設定する (Impala の再起動が必要)",
    },
  },
} as const satisfies Record<string, OptionRow>;
