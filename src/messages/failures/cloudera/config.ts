import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

interface Property {
  /** The property and what holds it. */
  readonly what: Text;
}

const WHAT: Text = {
  en: "hue_service_safety_valve of service hue",
  ja: "サービス hue の hue_service_safety_valve",
};

const CHANGED = {
  kind: "failed",
  message: ({ what }: Property): Text => ({
    en: `${what.en} was changed by somebody else since it was read; nothing was written`,
    ja: `${what.ja} は読み取り後に別の誰かが変更しました。何も書き込んでいません`,
  }),
  hint: {
    en: "run the command again: it starts from the new text",
    ja: "もう一度実行してください。新しい内容から始めます",
  },
  example: { what: WHAT },
} as const;

/** A property of Cloudera Manager that was not written, or perhaps not written. */
export const CLOUDERA_CONFIG_FAILURES = {
  "valve-changed": failureRow<Property>(CHANGED),
  "load-balancer-changed": failureRow<Property>(CHANGED),
  "cm-write-unknown": failureRow<Property & { reason: Text }>({
    kind: "partial",
    message: ({ what, reason }) => ({
      en: `${reason.en}; whether ${what.en} was changed is not known, and it could not be read again`,
      ja: `${reason.ja}。${what.ja} が変更されたかどうかは不明で、読み直しもできませんでした`,
    }),
    hint: {
      en: "look at it in Cloudera Manager (Configuration, and History and Rollback), then run the command again: it continues from what it finds",
      ja: "Cloudera Manager の「設定」と「履歴とロールバック」で確認し、もう一度実行してください。現在の状態から続けます",
    },
    example: { what: WHAT, reason: { en: "socket hang up", ja: "socket hang up" } },
  }),
  "cm-write-unverified": failureRow<Property & { reason: Text }>({
    kind: "partial",
    message: ({ what, reason }) => ({
      en: `${what.en} was changed, but could not be read back: ${reason.en}`,
      ja: `${what.ja} を変更しましたが、読み直せませんでした: ${reason.ja}`,
    }),
    hint: {
      en: "run the command again: it compares and continues from what it finds",
      ja: "もう一度実行してください。比較して現在の状態から続けます",
    },
    example: { what: WHAT, reason: { en: "socket hang up", ja: "socket hang up" } },
  }),
  "cm-not-kept": failureRow<Property & { unchanged: boolean }>({
    kind: "partial",
    message: ({ what, unchanged }) =>
      unchanged
        ? {
            en: `Cloudera Manager accepted the change of ${what.en} and did not keep it`,
            ja: `Cloudera Manager は ${what.ja} の変更を受け付けましたが、保存していません`,
          }
        : {
            en: `${what.en} was changed, but holds another text now: somebody else changed it right after`,
            ja: `${what.ja} を変更しましたが、現在は別の内容です。直後に別の誰かが変更しました`,
          },
    hint: {
      en: "look at it in Cloudera Manager (History and Rollback shows who changed what), then run the command again",
      ja: "Cloudera Manager の「履歴とロールバック」で変更者と変更内容を確認し、もう一度実行してください",
    },
    example: { what: WHAT, unchanged: true },
  }),
  "no-load-balancer-property": failureRow<{ property: string; service: string }>({
    kind: "failed",
    message: ({ property, service }) => ({
      en: `Cloudera Manager knows no ${property}, neither in the groups of the impalads nor in the service ${service}`,
      ja: `impalad のロールグループにもサービス ${service} にも、Cloudera Manager の ${property} がありません`,
    }),
    hint: {
      en: 'search for "load balancer" in the configuration page of Impala and set the field there',
      ja: "Impala の「設定」ページで「ロードバランサー」を検索し、その欄に設定してください",
    },
    example: { property: "impalad_load_balancer", service: "impala" },
  }),
  "load-balancer-partly-set": failureRow<{ what: Text; value: string; reason: Text; second: Text }>({
    kind: "partial",
    message: ({ what, reason, second }) => ({
      en: `${reason.en}; and ${what.en} keeps the new value: ${second.en}`,
      ja: `${reason.ja}。さらに ${what.ja} は新しい値のままです: ${second.ja}`,
    }),
    hint: ({ value }) => ({
      en: `set it back to "${value}" in Cloudera Manager, or run the command again`,
      ja: `Cloudera Manager で "${value}" に戻すか、もう一度実行してください`,
    }),
    example: {
      what: {
        en: "impalad_load_balancer of group coordinators",
        ja: "グループ coordinators の impalad_load_balancer",
      },
      value: "",
      reason: { en: "socket hang up", ja: "socket hang up" },
      second: { en: "socket hang up", ja: "socket hang up" },
    },
  }),
} as const;

export const clouderaConfigFailure = failuresOf(CLOUDERA_CONFIG_FAILURES);

/** After a refused change, behind the reason: nothing is different. */
export const stillUnchanged = (reason: Text, what: Text): Text => ({
  en: `${reason.en}; ${what.en} is unchanged`,
  ja: `${reason.ja}。${what.ja} は変更されていません`,
});

/** For a property that this version knows by another name. */
export const otherName = (name: string, label: string): Text => ({
  en: `this version calls it ${name} ("${label}"): edit it in Cloudera Manager, and report this`,
  ja: `このバージョンでは ${name} ("${label}") という名前です。Cloudera Manager で編集し、この件を報告してください`,
});
