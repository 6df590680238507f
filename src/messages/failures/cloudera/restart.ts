import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";
import { COMMAND_TIMEOUT, goesOn, type Watched, watchIt } from "../command-timeout.ts";

const WATCHED: Watched = {
  commands: "Restart (command 4711)",
  pages: ["https://cm.example.com:7183/cmf/command/4711/details"],
};

/** A restart of Hue that did not come to its end, or whose end is not known. */
export const CLOUDERA_RESTART_FAILURES = {
  "restart-refused": failureRow<{ reasons: readonly string[] }>({
    kind: "failed",
    message: ({ reasons }) => ({
      en: `Cloudera Manager did not restart Hue: ${reasons.length === 0 ? "it started no command" : reasons.join("; ")}`,
      ja: `Cloudera Manager が Hue を再起動しませんでした: ${reasons.length === 0 ? "コマンドが開始されていません" : reasons.join("、")}`,
    }),
    hint: {
      en: "Hue still runs with the old configuration; restart its Hue servers in Cloudera Manager",
      ja: "Hue は古い設定のまま動作しています。Cloudera Manager で Hue Server を再起動してください",
    },
    example: { reasons: ["Command Restart is not currently available for execution."] },
  }),
  "restart-partial": failureRow<{ ended: number; wanted: number; reasons: readonly string[] }>({
    kind: "partial",
    message: ({ ended, wanted, reasons }) => ({
      en: `${ended} of ${wanted} Hue servers were restarted; the others: ${reasons.join("; ")}`,
      ja: `Hue Server ${wanted} 台のうち ${ended} 台を再起動しました。残り: ${reasons.join("、")}`,
    }),
    hint: {
      en: "restart the others in Cloudera Manager: they still run with the old configuration",
      ja: "残りを Cloudera Manager で再起動してください。古い設定のまま動作しています",
    },
    example: { ended: 1, wanted: 2, reasons: ["Role hue-HUE_SERVER-2 is busy."] },
  }),
  "restart-unknown": failureRow<{ reason: Text; url: string }>({
    kind: "partial",
    message: ({ reason }) => ({
      en: `${reason.en}; whether the restart of Hue was started is not known`,
      ja: `${reason.ja}。Hue の再起動が始まったかどうかは不明です`,
    }),
    hint: ({ url }) => ({
      en: `see the recent commands of Hue in Cloudera Manager (${url}), or run the command again: it restarts only what is out of date`,
      ja: `Cloudera Manager (${url}) で Hue の最近のコマンドを確認するか、もう一度実行してください。古い設定のものだけを再起動します`,
    }),
    example: {
      reason: { en: "socket hang up", ja: "socket hang up" },
      url: "https://cm.example.com:7183",
    },
  }),
  "restart-failed": failureRow<{
    failed: readonly { command: string; result: string }[];
    pages: readonly string[];
  }>({
    kind: "partial",
    message: ({ failed }) => ({
      en: failed.map(({ command, result }) => `${command} failed: ${result}`).join("; "),
      ja: failed.map(({ command, result }) => `${command} が失敗しました: ${result}`).join("、"),
    }),
    hint: ({ pages }) => ({
      en: `look at the Hue server's log in Cloudera Manager (${pages.join(" ")}); Hue may be down`,
      ja: `Cloudera Manager で Hue Server のログを確認してください (${pages.join(" ")})。Hue が停止している可能性があります`,
    }),
    example: {
      failed: [{ command: WATCHED.commands, result: "Failed to start role." }],
      pages: WATCHED.pages,
    },
  }),
  "restart-not-started": failureRow({
    kind: "interrupted",
    message: {
      en: "interrupted before a restart of Hue was asked for",
      ja: "Hue の再起動を要求する前に中断しました",
    },
    hint: {
      en: "Hue runs with the old configuration until it is restarted",
      ja: "Hue は再起動するまで古い設定で動作します",
    },
  }),
  "command-still-running": failureRow<Watched>({
    kind: "interrupted",
    message: (watched) => goesOn(watched, { en: "interrupted", ja: "中断しました" }),
    hint: watchIt,
    example: WATCHED,
  }),
  "command-timeout": COMMAND_TIMEOUT,
  "command-unknown": failureRow<Watched & { reason: Text }>({
    kind: "partial",
    message: ({ commands, reason }) => ({
      en: `how ${commands} ended is not known: ${reason.en}`,
      ja: `${commands} の結果は不明です: ${reason.ja}`,
    }),
    hint: ({ pages }) => ({
      en: `see ${pages.join(" ")}`,
      ja: `次のページを確認してください: ${pages.join(" ")}`,
    }),
    example: { ...WATCHED, reason: { en: "an unexpected error", ja: "予期しないエラー" } },
  }),
} as const;

export const clouderaRestartFailure = failuresOf(CLOUDERA_RESTART_FAILURES);
