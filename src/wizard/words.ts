import type { Text } from "../domain/text.ts";

/** What the wizard says besides the option table's questions. */
export const WORDS = {
  /** `USER` is filled in. */
  password: { en: "Password of USER", ja: "USER のパスワード" },
  choose: { en: "choose at least one Impalad", ja: "Impalad を 1 つ以上選んでください" },
  plan: { en: "The plan:", ja: "計画:" },
  apply: { en: "Apply this plan?", ja: "この計画を適用しますか?" },
  declined: { en: "declined; nothing was changed", ja: "中止しました。何も変更していません" },
  interrupted: { en: "interrupted; nothing was changed", ja: "中断しました。何も変更していません" },
  keysNavigate: { en: "move", ja: "移動" },
  keysSelect: { en: "choose", ja: "選択" },
  keysSubmit: { en: "go on", ja: "決定" },
  keysAll: { en: "all", ja: "すべて" },
  keysInvert: { en: "invert", ja: "反転" },
} as const satisfies Record<string, Text>;

/** What the values of a choice mean, by option and value. */
export const CHOICE_WORDS: Readonly<Record<string, Text>> = {
  "target.hue-ini": {
    en: "in hue.ini on this host",
    ja: "このホストの hue.ini",
  },
  "target.cloudera-manager": {
    en: "in Cloudera Manager (Hue's safety valve)",
    ja: "Cloudera Manager (Hue の安全バルブ)",
  },
  "balancer.embedded": {
    en: "the bundled one: nothing to install, routes each query to the Impalad that owns its session",
    ja: "付属のもの: 追加のインストール不要。クエリをセッションの持ち主の Impalad に送る",
  },
  "balancer.haproxy": {
    en: "HAProxy: one Impalad per Hue host (balance source)",
    ja: "HAProxy: Hue ホストごとに 1 つの Impalad (source)",
  },
  "balancer.external": {
    en: "one that exists already",
    ja: "既にあるロードバランサー",
  },
};
