import { isUtf8 } from "node:buffer";
import type { ChalkInstance } from "chalk";
import type { Language } from "../../domain/text.ts";
import { visible, visibleInLine } from "../../domain/words/visible.ts";
import { type Change, isFileChange, type Plan } from "../../setup/plan/change.ts";
import { diffOf } from "../../setup/plan/diff.ts";

const ACTIONS = {
  "file-create": { en: "create", ja: "作成" },
  "file-edit": { en: "edit", ja: "編集" },
  "file-remove": { en: "remove", ja: "削除" },
  "cm-config": { en: "change in Cloudera Manager", ja: "Cloudera Manager で変更" },
  "cm-command": { en: "restart Hue through Cloudera Manager", ja: "Cloudera Manager で Hue を再起動" },
  start: { en: "enable and start", ja: "有効化して起動" },
  restart: { en: "restart", ja: "再起動" },
  reload: { en: "reload", ja: "再読み込み" },
  stop: { en: "stop and disable", ja: "停止して無効化" },
} as const;

/** What a change does, in a few words: `edit /etc/hue/hue.ini`. */
export function describeChange(change: Change, language: Language): string {
  const target = visible(targetOf(change));
  if (change.kind === "service") return `${ACTIONS[change.action][language]} ${target}`;
  if (isFileChange(change) && change.after === null) return `${ACTIONS["file-remove"][language]} ${target}`;
  return `${ACTIONS[change.kind][language]} ${target}`;
}

/** What is changed, as people call it: targets in Cloudera Manager are percent-encoded for `patch`. */
export function targetOf(change: Change): string {
  const encoded = change.kind === "cm-config" || change.kind === "cm-command";
  return encoded ? decodeURIComponent(change.target) : change.target;
}

/**
 * The plan as a dry run prints it: unified diffs that `patch -p0` accepts, and a line beginning with `#` for each
 * change that is not text (patch skips those). Bytes, since diffs keep the encoding of the files.
 * @param terminal for eyes instead of `patch`: text in UTF-8, with everything visible that would steer a terminal
 */
export async function planDiff(plan: Plan, colours: ChalkInstance, terminal: boolean): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for (const change of plan.changes) {
    const diff = await diffOf(change);
    if (diff === undefined) parts.push(Buffer.from(`# ${change.kind}: ${describeChange(change, "en")}\n`));
    else {
      const lines = diff.split("\n").map((line) => (terminal ? visibleInLine(readable(line)) : line));
      const text = lines.map((line) => paint(line, colours)).join("\n");
      parts.push(Buffer.from(text, terminal ? "utf8" : "latin1"));
    }
  }
  return Buffer.concat(parts);
}

/** A line of a diff, which has one character per byte, as the text that it is: UTF-8, else Latin-1. */
function readable(line: string): string {
  const bytes = Buffer.from(line, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : line;
}

function paint(line: string, colours: ChalkInstance): string {
  if (line.startsWith("--- ") || line.startsWith("+++ ")) return colours.bold(line);
  if (line.startsWith("@@")) return colours.cyan(line);
  if (line.startsWith("-")) return colours.red(line);
  if (line.startsWith("+")) return colours.green(line);
  return line;
}
