import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** What is missing, and how to give it. */
export const MISSING = {
  flag: (flag: string): Text => ({ en: `${flag} is missing`, ja: `${flag} が指定されていません` }),
  /** Each with the ways to give it, and why it is needed. */
  list: (settings: readonly { readonly ways: string; readonly why: Text }[]): Text => {
    const lines = (language: keyof Text): string =>
      settings.map(({ ways, why }) => `  ${ways}\n      ${why[language]}`).join("\n");
    const count = settings.length;
    return {
      en: `${count === 1 ? "a setting is" : `${count} settings are`} missing:\n${lines("en")}`,
      ja: `設定が ${count} 個足りません:\n${lines("ja")}`,
    };
  },
  listHint: {
    en: "give them as flags, variables or in an answers file; without --non-interactive, a terminal asks for them",
    ja: "オプション、環境変数、回答ファイルのいずれかで指定してください。--non-interactive を付けなければ端末で質問します",
  },
  hueIni: { en: "no hue.ini was found", ja: "hue.ini が見つかりません" },
  hueIniHint: {
    en: "give --hue-ini PATH, or --cm-url for a managed Hue",
    ja: "--hue-ini PATH を、Cloudera Manager が管理する Hue では --cm-url を指定してください",
  },
  nothingToBalance: { en: "there is nothing to balance", ja: "振り分け先がありません" },
  nothingToBalanceHint: {
    en: "give --spec FILE, or --impalad HOST:PORT for each Impalad",
    ja: "--spec FILE、または Impalad ごとに --impalad HOST:PORT を指定してください",
  },
  keepalivedHint: {
    en: "hue-impala-setup keepalived print --help explains it",
    ja: "hue-impala-setup keepalived print --help に説明があります",
  },
} as const;

/** Settings that several commands need, and what they must be good for. */
export const SETTINGS_FAILURES = {
  "missing-settings": failureRow<{ what: Text; hint?: Text }>({
    kind: "settings",
    message: ({ what }) => what,
    hint: ({ hint }) => hint,
    example: { what: MISSING.flag("--server-host"), hint: MISSING.listHint },
  }),
  "no-eligible-impalad": failureRow<{
    /** Where they were looked for, unless a person sees it. */
    service?: { readonly name: string; readonly cluster: string };
    impalads: readonly { readonly host: string; readonly reason: Text }[];
  }>({
    kind: "settings",
    message: ({ service, impalads }) => {
      const lines = (language: keyof Text): string =>
        impalads.map(({ host, reason }) => `  ${host}: ${reason[language]}`).join("\n");
      if (service === undefined) {
        return {
          en: `no Impalad is eligible:\n${lines("en")}`,
          ja: `使用可能な Impalad がありません:\n${lines("ja")}`,
        };
      }
      const none = impalads.length === 0;
      return {
        en: `Impala service "${service.name}" of cluster "${service.cluster}": ${none ? "it has no Impalad role" : `none is eligible:\n${lines("en")}`}`,
        ja: `クラスター "${service.cluster}" の Impala サービス "${service.name}": ${none ? "Impalad のロールがありません" : `使用可能な Impalad がありません:\n${lines("ja")}`}`,
      };
    },
    hint: ({ service }) =>
      service === undefined
        ? {
            en: "start or recommission Impalads",
            ja: "Impalad を起動するか、再稼働 (Recommission) してください",
          }
        : {
            en: "start or recommission Impalads, or name them with --impalad",
            ja: "Impalad を起動するか再稼働 (Recommission) するか、--impalad で指定してください",
          },
    example: {
      service: { name: "impala", cluster: "Cluster 1" },
      impalads: [
        {
          host: "server1.example.com",
          reason: { en: "in maintenance mode", ja: "メンテナンスモードです" },
        },
      ],
    },
  }),
  "haproxy-refuses": failureRow<{ path: string; output: string; unchanged?: true }>({
    kind: "settings",
    message: ({ path, output, unchanged }) =>
      unchanged
        ? {
            en: `HAProxy refuses the configuration for ${path}:\n${output}`,
            ja: `HAProxy が ${path} の設定を受け付けません:\n${output}`,
          }
        : { en: `${path}:\n${output}`, ja: `${path}:\n${output}` },
    hint: ({ unchanged }) =>
      unchanged ? { en: "nothing was changed", ja: "何も変更していません" } : undefined,
    example: {
      path: "/etc/impala/haproxy-impala.conf",
      output: "[ALERT] config : parsing [haproxy-impala.conf:12] : unknown keyword 'balanse'",
      unchanged: true,
    },
  }),
} as const;

export const settingsFailure = failuresOf(SETTINGS_FAILURES);
