import { Failure } from "../domain/failure.ts";
import type { Edit } from "./apply-edits.ts";
import { isCommentedDefault } from "./commented-default.ts";
import { HASH, skipSpace } from "./configobj/chars.ts";
import type { ConfigObjDocument, KeyNode, SectionNode } from "./configobj/document.ts";
import { endOfSection, keysOf, lineText, topSection } from "./configobj/find.ts";
import { hasNewline, type Line } from "./configobj/lines.ts";
import type { Assignment } from "./setting-values.ts";

const SECTION = "impala";

/**
 * The edits that give `[impala]` these values. An active key keeps its line, only the value changes. A missing one goes
 * behind the last commented default of its name (`## server_host=localhost`), else behind the header; without a section,
 * the section goes to the end. A key belongs to the nearest header above it, so that nothing goes behind `[[ssl]]`.
 * @throws Failure `unparsable` if `impala`, or one of the keys, is a value where Hue expects a section or the other way round
 */
export function planEdits(document: ConfigObjDocument, wanted: readonly Assignment[]): Edit[] {
  const section = topSection(document, SECTION);
  if (section === undefined) return appendSection(document, wanted);
  const keys = keysOf(document, section);
  const replacements: Edit[] = [];
  const insertions = new Map<number, Assignment[]>();
  const scope = scopeOf(document, section, keys);
  for (const [name, value] of wanted) {
    const key = keys.find((one) => one.name === name);
    if (key === undefined) {
      refuseSubsection(document, section, name);
      const anchor = lastCommentedDefault(document, scope, name) ?? section.line;
      insertions.set(anchor, [...(insertions.get(anchor) ?? []), [name, value]]);
    } else if (key.value !== value) {
      replacements.push(replaceValue(document, key, value));
    }
  }
  const inserted = [...insertions].map(([anchor, entries]) =>
    insertAfter(document, section, scope, anchor, entries),
  );
  return [...replacements, ...inserted].sort((a, b) => a.offset - b.offset);
}

/** Lines that belong to the section itself and to no multi-line value: before the next header of any depth. */
function scopeOf(document: ConfigObjDocument, section: SectionNode, keys: readonly KeyNode[]): number[] {
  const end = endOfSection(document, section);
  const inValues = new Set<number>();
  for (const key of keys) for (let at = key.line; at <= key.lastLine; at++) inValues.add(at);
  const scope: number[] = [];
  for (let at = section.line + 1; at < end; at++) if (!inValues.has(at)) scope.push(at);
  return scope;
}

function lastCommentedDefault(
  document: ConfigObjDocument,
  scope: readonly number[],
  name: string,
): number | undefined {
  const { isSpace } = document.source;
  return scope.findLast((at) => isCommentedDefault(lineText(document, at), name, isSpace));
}

function replaceValue(document: ConfigObjDocument, key: KeyNode, value: string): Edit {
  const { valueStart: offset, valueEnd } = key;
  // An empty value has its comment right behind; keep the two apart.
  const comment = document.source.text.charCodeAt(valueEnd) === HASH && valueEnd === offset;
  return { offset, length: valueEnd - offset, content: comment ? `${value} ` : value };
}

function insertAfter(
  document: ConfigObjDocument,
  section: SectionNode,
  scope: readonly number[],
  anchor: number,
  entries: readonly Assignment[],
): Edit {
  const { text } = document.source;
  const line = lineAt(document, anchor);
  const indent =
    anchor === section.line ? indentBelowHeader(document, section, scope) : indentOf(document, anchor);
  const newline = newlineFor(document, line);
  const added = entries.map(([name, value]) => `${indent}${name}=${value}`);
  const content = hasNewline(text, line)
    ? added.map((one) => one + newline).join("")
    : added.map((one) => newline + one).join("");
  return { offset: line.next, length: 0, content };
}

/** As the section's first line that is not blank is indented, or as the header is. */
function indentBelowHeader(
  document: ConfigObjDocument,
  section: SectionNode,
  scope: readonly number[],
): string {
  const keyLines = document.keys.filter((key) => key.section === section).map((key) => key.line);
  const first = keyLines[0] ?? scope.find((at) => lineText(document, at).trim() !== "");
  return indentOf(document, first ?? section.line);
}

/** Blanks and tabs only: to Python 2 a no-break space would be part of the key. */
function indentOf(document: ConfigObjDocument, index: number): string {
  return lineText(document, index).slice(0, skipSpace(lineText(document, index), 0, isBlankOrTab));
}

function isBlankOrTab(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function appendSection(document: ConfigObjDocument, wanted: readonly Assignment[]): Edit[] {
  if (wanted.length === 0) return [];
  const clash = keysOf(document, document.root).find((key) => key.name === SECTION);
  if (clash !== undefined) {
    throw new Failure(
      "unparsable",
      "impala-is-a-value",
      `line ${clash.line + 1} gives "${SECTION}" a value, so that there can be no section [${SECTION}]`,
      `remove that line or move it below the section it belongs to`,
    );
  }
  const last = document.lines.at(-1);
  const added = [`[${SECTION}]`, ...wanted.map(([name, value]) => `${name}=${value}`)];
  const { text } = document.source;
  if (last === undefined) return [{ offset: text.length, length: 0, content: added.join("\n") }];
  const newline = newlineFor(document, last);
  // Whether the last line ends in a newline stays as it is.
  const lead = hasNewline(text, last) ? newline : newline + newline;
  const tail = hasNewline(text, last) ? newline : "";
  return [{ offset: text.length, length: 0, content: lead + added.join(newline) + tail }];
}

function refuseSubsection(document: ConfigObjDocument, section: SectionNode, name: string): void {
  const clash = document.sections.find((one) => one.parent === section && one.name === name);
  if (clash === undefined) return;
  throw new Failure(
    "unparsable",
    "setting-is-a-section",
    `line ${clash.line + 1} opens a section [[${name}]] where Hue expects a value`,
    `remove the section [[${name}]] from [${SECTION}]`,
  );
}

/** The line's own ending; for a last line without one, that of the line before it, else LF. */
function newlineFor(document: ConfigObjDocument, line: Line): string {
  const { text } = document.source;
  const model = hasNewline(text, line) ? line : document.lines.at(-2);
  if (model === undefined) return "\n";
  return text.slice(model.end, model.next).endsWith("\r\n") ? "\r\n" : "\n";
}

function lineAt(document: ConfigObjDocument, index: number): Line {
  const line = document.lines[index];
  if (line === undefined) throw new RangeError(`no line ${index}`);
  return line;
}
