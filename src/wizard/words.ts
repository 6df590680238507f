import type { Text } from "../domain/text.ts";

/** What the wizard says besides the option table's questions. */
export const WORDS = {
  /** `USER` is filled in. */
  password: { en: "Password of USER", ja: "USER のパスワード" },
  choose: { en: "choose at least one Impalad", ja: "Impalad を 1 つ以上選んでください" },
  plan: { en: "The plan:", ja: "計画:" },
  apply: { en: "Apply this plan?", ja: "この計画を適用しますか?" },
  interrupted: { en: "interrupted; nothing was changed", ja: "中断しました。何も変更していません" },
  keysNavigate: { en: "move", ja: "移動" },
  keysSelect: { en: "choose", ja: "選択" },
  keysSubmit: { en: "go on", ja: "決定" },
  keysAll: { en: "all", ja: "すべて" },
  keysInvert: { en: "invert", ja: "反転" },
} as const satisfies Record<string, Text>;
