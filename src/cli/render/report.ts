import type { ChalkInstance } from "chalk";
import type { Language, Text } from "../../domain/text.ts";
import { visibleLines } from "../../domain/words/visible.ts";
import type { Change, ChangeStatus, Plan, Report } from "../../setup/plan/change.ts";
import { diffOf, diffText } from "../../setup/plan/diff.ts";
import { describeChange, targetOf } from "./plan.ts";

const STATUS = {
  planned: { en: "not done", ja: "未実行" },
  changed: { en: "done", ja: "完了" },
  unchanged: { en: "already so", ja: "変更不要" },
  failed: { en: "failed", ja: "失敗" },
  "rolled-back": { en: "taken back", ja: "取り消し" },
} as const satisfies Record<ChangeStatus, unknown>;

const WORDS = {
  nothing: { en: "Nothing to do: everything is as wanted.", ja: "変更は不要です。すでに目的の状態です。" },
  next: { en: "What is left to do:", ja: "このあと必要な作業:" },
} as const;

/** What was done, line by line, and what is left to a person. */
export function reportText(report: Report, colours: ChalkInstance, language: Language): string {
  if (report.outcomes.length === 0)
    return `${WORDS.nothing[language]}\n${nextText(report.next, colours, language)}`;
  const lines = report.outcomes.map(({ change, status, note }) => {
    const colour = status === "failed" ? colours.red : status === "changed" ? colours.green : colours.yellow;
    const remark = note === undefined ? "" : `\n    ${visibleLines(note[language], 4)}`;
    return `${colour(`${STATUS[status][language]}:`)} ${describeChange(change, language)}${remark}\n`;
  });
  return `${lines.join("")}${nextText(report.next, colours, language)}`;
}

/** The administrator's next steps; "" for none. */
export function nextText(next: readonly Text[], colours: ChalkInstance, language: Language): string {
  if (next.length === 0) return "";
  return `${colours.bold(WORDS.next[language])}\n${next.map((step) => `  - ${visibleLines(step[language], 4)}\n`).join("")}`;
}

/** Said when the state is as wanted already. */
export function nothingText(language: Language): string {
  return `${WORDS.nothing[language]}\n`;
}

/** `changes` of the JSON document for a plan that was only shown. */
export function planChanges(plan: Plan): Promise<unknown[]> {
  return Promise.all(plan.changes.map((change) => jsonChange(change, "planned")));
}

/** `changes` of the JSON document for a plan that was applied. */
export function reportChanges(report: Report): Promise<unknown[]> {
  return Promise.all(report.outcomes.map(({ change, status, note }) => jsonChange(change, status, note?.en)));
}

async function jsonChange(change: Change, status: ChangeStatus, note?: string): Promise<unknown> {
  const diff = await diffOf(change);
  return {
    kind: change.kind,
    target: targetOf(change),
    status,
    ...(change.kind === "service" ? { action: change.action } : {}),
    ...(diff === undefined ? {} : { diff: diffText(diff) }),
    ...(note === undefined ? {} : { note }),
  };
}
