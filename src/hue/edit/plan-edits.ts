import { Failure } from "../../domain/failure.ts";
import { HASH, skipSpace } from "../configobj/chars.ts";
import type { ConfigObjDocument, KeyNode, SectionNode } from "../configobj/document.ts";
import { endOfSection, keysOf, topSection } from "../configobj/find.ts";
import type { Assignment } from "../settings.ts";
import type { Edit } from "./apply-edits.ts";
import { isCommentedDefault } from "./commented-default.ts";

const SECTION = "impala";

/**
 * The edits that give `[impala]` these values. An active key keeps its line, only the value changes. A missing one goes
 * behind the last commented default of its name (`## server_host=localhost`), else behind the header; without a section,
 * the section goes to the end. A key belongs to the nearest header above it, so that nothing goes behind `[[ssl]]`.
 * @throws Failure `unparsable` if `impala`, or one of the keys, is a value where Hue expects a section or the other way round
 */
export function planEdits(document: ConfigObjDocument, wanted: readonly Assignment[]): Edit[] {
  const section = topSection(document, SECTION);
  if (section === undefined) return wanted.length === 0 ? [] : [appendSection(document, wanted)];
  const keys = keysOf(document, section);
  const edits: Edit[] = [];
  const missing: Assignment[] = [];
  for (const [name, value] of wanted) {
    const key = keys.find((one) => one.name === name);
    if (key === undefined) missing.push([name, value]);
    else if (key.value !== value) edits.push(replaceValue(document, key, value));
  }
  if (missing.length > 0) edits.push(...insertKeys(document, section, keys, missing));
  return edits.sort((a, b) => a.offset - b.offset);
}

function replaceValue(document: ConfigObjDocument, key: KeyNode, value: string): Edit {
  const { valueStart: offset, valueEnd } = key;
  // An empty value has its comment right behind; keep the two apart.
  const comment = valueEnd === offset && document.source.text.charCodeAt(valueEnd) === HASH;
  return { offset, length: valueEnd - offset, content: comment ? `${value} ` : value };
}

/** Keys that go behind the same line become one edit, in the order wanted. */
function insertKeys(
  document: ConfigObjDocument,
  section: SectionNode,
  keys: readonly KeyNode[],
  missing: readonly Assignment[],
): Edit[] {
  const comments = commentsOf(document, section, keys);
  const { isSpace } = document.source;
  const below = new Map<number, Assignment[]>();
  for (const [name, value] of missing) {
    refuseSubsection(document, section, name);
    const anchor =
      comments.findLast((at) => isCommentedDefault(document.lines.text(at), name, isSpace)) ?? section.line;
    below.set(anchor, [...(below.get(anchor) ?? []), [name, value]]);
  }
  // Below the header, as the section's first line is indented.
  const first = keys[0]?.line ?? comments[0] ?? section.line;
  return [...below].map(([anchor, entries]) => {
    const indent = indentOf(document, anchor === section.line ? first : anchor);
    return insertBelow(
      document,
      anchor,
      entries.map(([name, value]) => `${indent}${name}=${value}`),
    );
  });
}

/** The section's own comment lines: before the next header of any depth, and not within a multi-line value. */
function commentsOf(document: ConfigObjDocument, section: SectionNode, keys: readonly KeyNode[]): number[] {
  const comments: number[] = [];
  const end = endOfSection(document, section);
  let nextKey = 0;
  for (let at = section.line + 1; at < end; at++) {
    const key = keys[nextKey];
    if (key?.line === at) {
      at = key.lastLine;
      nextKey++;
    } else if (isComment(document, at)) comments.push(at);
  }
  return comments;
}

function isComment(document: ConfigObjDocument, index: number): boolean {
  const text = document.lines.text(index);
  return text.charCodeAt(skipSpace(text, 0, document.source.isSpace)) === HASH;
}

/** Blanks and tabs only: to Python 2 a no-break space would be part of the key. */
function indentOf(document: ConfigObjDocument, index: number): string {
  const text = document.lines.text(index);
  return text.slice(
    0,
    skipSpace(text, 0, (code) => code === 0x20 || code === 0x09),
  );
}

function appendSection(document: ConfigObjDocument, wanted: readonly Assignment[]): Edit {
  const clash = keysOf(document, document.root).find((key) => key.name === SECTION);
  if (clash !== undefined) {
    throw new Failure(
      "unparsable",
      "impala-is-a-value",
      `line ${clash.line + 1} gives ${SECTION} a value, so that there can be no section [${SECTION}]`,
      "remove that line or move it below the section it belongs to",
    );
  }
  const added = [`[${SECTION}]`, ...wanted.map(([name, value]) => `${name}=${value}`)];
  const { count } = document.lines;
  if (count > 0) return insertBelow(document, count - 1, ["", ...added]);
  return { offset: document.source.text.length, length: 0, content: added.join("\n") };
}

/** Whole lines below a line. Whether the document's last line ends in a newline stays as it is. */
function insertBelow(document: ConfigObjDocument, index: number, added: readonly string[]): Edit {
  const { lines } = document;
  const ended = lines.ending(index) !== "";
  const newline = newlineLike(document, ended ? index : index - 1);
  const content = ended ? added.map((one) => one + newline) : added.map((one) => newline + one);
  return { offset: lines.next(index), length: 0, content: content.join("") };
}

/** The newline of that line; LF if there is no such line. */
function newlineLike({ lines }: ConfigObjDocument, index: number): string {
  return index >= 0 && lines.ending(index).endsWith("\r\n") ? "\r\n" : "\n";
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
