import { hueFailure } from "../../messages/failures/hue.ts";
import { HASH } from "../configobj/chars.ts";
import type { ConfigObjDocument, KeyNode, SectionNode } from "../configobj/document.ts";
import { childSection, endOfSection, keysOf, pathOf } from "../configobj/find.ts";
import { headerOf, sectionLabel } from "../settings.ts";
import type { Edit } from "./apply-edits.ts";
import type { Assignment } from "./assignments.ts";
import { commentedKey, isComment } from "./commented.ts";
import { indentOf } from "./indent.ts";
import { Insertions } from "./insertions.ts";
import { createSections } from "./new-sections.ts";
import { type Wanted, wantedTree } from "./wanted.ts";

/**
 * The edits that give the keys these values. An active key keeps its line, only the value changes. A missing one goes
 * behind the last commented default of its name (`## server_host=localhost`), else behind its section's header. A
 * missing section goes where `createSections` says. A key belongs to the nearest header above it, so that nothing of
 * `[impala]` goes behind `[[ssl]]`.
 * @throws Failure `unparsable` if a section's name, or a key, is a value where Hue expects a section or the other way
 *   round
 */
export function planEdits(document: ConfigObjDocument, assignments: readonly Assignment[]): Edit[] {
  const insertions = new Insertions(document);
  const replacements: Edit[] = [];

  const visit = (section: SectionNode, wanted: Wanted): void => {
    const keys = keysOf(document, section);
    const comments = commentsOf(document, section, keys);
    const missing: [string, string][] = [];
    for (const [name, value] of wanted.values) {
      const key = keys.find((one) => one.name === name);
      if (key === undefined) missing.push([name, value]);
      else if (key.value !== value) replacements.push(replaceValue(document, key, value));
    }
    const anchors = insertKeys(document, section, keys, comments, missing, insertions);
    const absent = new Map<string, Wanted>();
    for (const [name, child] of wanted.sections) {
      const node = childSection(document, section, name);
      if (node === undefined) absent.set(name, child);
      else visit(node, child);
    }
    createSections({ document, section, keys, comments, anchors }, absent, insertions);
  };

  visit(document.root, wantedTree(assignments));
  return [...replacements, ...insertions.edits()].sort((a, b) => a.offset - b.offset);
}

function replaceValue(document: ConfigObjDocument, key: KeyNode, value: string): Edit {
  const { valueStart: offset, valueEnd } = key;
  // An empty value has its comment right behind; keep the two apart.
  const comment = valueEnd === offset && document.source.text.charCodeAt(valueEnd) === HASH;
  return { offset, length: valueEnd - offset, content: comment ? `${value} ` : value };
}

/** Puts the missing keys into a section that is there; gives the lines below which they go. */
function insertKeys(
  document: ConfigObjDocument,
  section: SectionNode,
  keys: readonly KeyNode[],
  comments: readonly number[],
  missing: readonly (readonly [string, string])[],
  insertions: Insertions,
): number[] {
  const { isSpace } = document.source;
  // Below the header, as the section's first line is indented.
  const first = keys[0]?.line ?? comments[0] ?? section.line;
  return missing.map(([name, value]) => {
    refuseSubsection(document, section, name);
    const anchor =
      comments.findLast((at) => commentedKey(document.lines.text(at), isSpace) === name) ?? section.line;
    const indent = indentOf(document, anchor === section.line ? first : anchor);
    insertions.below(anchor, [`${indent}${name}=${value}`]);
    return anchor;
  });
}

/** The section's own comment lines: before the next header of any depth, and not within a multi-line value. */
function commentsOf(document: ConfigObjDocument, section: SectionNode, keys: readonly KeyNode[]): number[] {
  const comments: number[] = [];
  const end = section.parent === undefined ? 0 : endOfSection(document, section);
  let nextKey = 0;
  for (let at = section.line + 1; at < end; at++) {
    const key = keys[nextKey];
    if (key?.line === at) {
      at = key.lastLine;
      nextKey++;
    } else if (isComment(document.lines.text(at), document.source.isSpace)) comments.push(at);
  }
  return comments;
}

function refuseSubsection(document: ConfigObjDocument, section: SectionNode, name: string): void {
  const clash = childSection(document, section, name);
  if (clash === undefined) return;
  throw hueFailure("setting-is-a-section", {
    line: clash.line + 1,
    header: headerOf(name, clash.depth),
    section: sectionLabel(pathOf(section)),
  });
}
