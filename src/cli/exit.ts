import type { FailureKind } from "../domain/failure.ts";
import type { Text } from "../domain/text.ts";

/** One row of the exit code table. Scripts rely on the codes: changing one is a major version. */
export interface ExitCode {
  readonly code: number;
  readonly meaning: Text;
}

/** The exit codes in the order of their numbers; help, man page and README are made from this table. */
export const EXIT_CODES: readonly ExitCode[] = [
  {
    code: 0,
    meaning: { en: "desired state reached, or plan shown", ja: "目的の状態になった、または計画を表示した" },
  },
  {
    code: 1,
    meaning: { en: "failed; nothing changed or rolled back", ja: "失敗。変更なし、または元に戻した" },
  },
  {
    code: 2,
    meaning: { en: "only with --check: changes pending", ja: "--check のときだけ: 未適用の変更がある" },
  },
  {
    code: 3,
    meaning: { en: "partly applied, a person is needed", ja: "一部だけ適用された。人の対応が必要" },
  },
  { code: 64, meaning: { en: "usage error", ja: "使い方の誤り" } },
  {
    code: 65,
    meaning: {
      en: "hue.ini, safety valve, answers or specification cannot be parsed",
      ja: "hue.ini、安全バルブ、回答ファイル、仕様ファイルのいずれかを解釈できない",
    },
  },
  {
    code: 69,
    meaning: {
      en: "Cloudera Manager or a host cannot be reached",
      ja: "Cloudera Manager またはホストに到達できない",
    },
  },
  { code: 75, meaning: { en: "another run holds the lock", ja: "別の実行がロックを保持している" } },
  { code: 77, meaning: { en: "authentication or permission", ja: "認証または権限の問題" } },
  { code: 78, meaning: { en: "missing or invalid settings", ja: "設定が足りない、または正しくない" } },
  { code: 130, meaning: { en: "interrupted (Ctrl-C)", ja: "中断された (Ctrl-C)" } },
  { code: 143, meaning: { en: "terminated (SIGTERM)", ja: "終了させられた (SIGTERM)" } },
];

const CODE_OF: Readonly<Record<FailureKind, number>> = {
  failed: 1,
  partial: 3,
  usage: 64,
  unparsable: 65,
  unreachable: 69,
  locked: 75,
  auth: 77,
  settings: 78,
  interrupted: 130,
};

/** The exit code of a failure. An interruption by SIGTERM (143 instead of 130) is the caller's to tell apart. */
export function exitCodeOf(kind: FailureKind): number {
  return CODE_OF[kind];
}
