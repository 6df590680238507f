import { hueFailure } from "../../messages/failures/hue.ts";
import type { ConfigObjDocument, KeyNode, SectionNode } from "../configobj/document.ts";
import { endOfSubtree } from "../configobj/find.ts";
import { headerOf } from "../settings.ts";
import { commentedHeader, commentedKey } from "./commented.ts";
import { indentOf } from "./indent.ts";
import type { Insertions } from "./insertions.ts";
import type { Wanted } from "./wanted.ts";

/** A section that is there, with its own keys and comment lines. */
export interface Parent {
  readonly document: ConfigObjDocument;
  readonly section: SectionNode;
  readonly keys: readonly KeyNode[];
  readonly comments: readonly number[];
  /** Lines below which new keys of the section itself go. */
  readonly anchors: readonly number[];
}

/**
 * Puts sections into one that lacks them: behind their commented header (`# [[ssl]]`) if no key of the parent stands
 * behind it, else to the end of the parent, and at the top level to the end of the document. Call it after everything
 * else that is in the parent has been placed.
 * @throws Failure `unparsable`, code `impala-is-a-value`
 */
export function createSections(
  parent: Parent,
  absent: ReadonlyMap<string, Wanted>,
  insertions: Insertions,
): void {
  const { section } = parent;
  const depth = section.depth + 1;
  const atEnd: [string, Wanted][] = [];
  for (const [name, wanted] of absent) {
    refuseValue(parent, name, depth);
    const header = usableHeader(parent, name, depth);
    if (header === undefined) atEnd.push([name, wanted]);
    else uncomment(parent, name, depth, header, wanted, insertions);
  }
  for (const [name, wanted] of atEnd) {
    const anchor = endOf(parent);
    // The first line of a document, and a section right below its parent's header, need no blank line before them.
    const gap = anchor < 0 || (anchor === section.line && section.parent !== undefined) ? [] : [""];
    insertions.below(anchor, [...gap, ...lines(name, depth, indentFor(parent), wanted)]);
  }
}

function refuseValue({ keys }: Parent, name: string, depth: number): void {
  const clash = keys.find((key) => key.name === name);
  if (clash === undefined) return;
  throw hueFailure("impala-is-a-value", { line: clash.line + 1, name, header: headerOf(name, depth) });
}

/** A section with all that is wanted in it. */
function lines(name: string, depth: number, indent: string, wanted: Wanted): string[] {
  return [
    `${indent}${headerOf(name, depth)}`,
    ...[...wanted.values].map(([key, value]) => `${indent}${key}=${value}`),
    ...[...wanted.sections].flatMap(([child, inner]) => lines(child, depth + 1, indent, inner)),
  ];
}

/** The line of the section's commented header, if nothing of the parent comes behind it. */
function usableHeader(parent: Parent, name: string, depth: number): number | undefined {
  const { document, keys, comments, anchors } = parent;
  const last = Math.max(-1, keys.at(-1)?.lastLine ?? -1, ...anchors);
  return comments.findLast((at) => {
    if (at <= last) return false;
    const header = commentedHeader(document.lines.text(at), document.source.isSpace);
    return header?.name === name && header.depth === depth;
  });
}

/** Puts the header below the commented one, and its keys behind their commented defaults, which follow it. */
function uncomment(
  parent: Parent,
  name: string,
  depth: number,
  header: number,
  wanted: Wanted,
  insertions: Insertions,
): void {
  const { document, comments } = parent;
  const { isSpace } = document.source;
  const text = (at: number): string => document.lines.text(at);
  const behind = comments.filter((at) => at > header);
  const next = behind.find((at) => commentedHeader(text(at), isSpace) !== undefined);
  const own = behind.filter((at) => next === undefined || at < next);
  insertions.below(header, [`${indentOf(document, header)}${headerOf(name, depth)}`]);
  for (const [key, value] of wanted.values) {
    const anchor = own.findLast((at) => commentedKey(text(at), isSpace) === key) ?? header;
    insertions.below(anchor, [`${indentOf(document, anchor)}${key}=${value}`]);
  }
  const last = own.findLast((at) => commentedKey(text(at), isSpace) !== undefined) ?? header;
  for (const [child, inner] of wanted.sections) {
    insertions.below(last, lines(child, depth + 1, indentOf(document, header), inner));
  }
}

/**
 * The line below which the parent ends: its last key, header or commented default, those of its sections included. What
 * stands between that and the next header belongs to the next section, as banners do.
 */
function endOf({ document, section }: Parent): number {
  if (section.parent === undefined) return document.lines.count - 1;
  const end = endOfSubtree(document, section);
  let last = section.line;
  for (const { line } of document.sections) if (line < end) last = Math.max(last, line);
  for (const { line, lastLine } of document.keys) if (line < end) last = Math.max(last, lastLine);
  for (let at = end - 1; at > last; at--) {
    if (commentedKey(document.lines.text(at), document.source.isSpace) !== undefined) return at;
  }
  return last;
}

/** As the first section beside it; without one as the parent's first line. */
function indentFor({ document, section, keys, comments }: Parent): string {
  if (section.parent === undefined) return "";
  const sibling = document.sections.find((one) => one.parent === section);
  return indentOf(document, sibling?.line ?? keys[0]?.line ?? comments[0] ?? section.line);
}
