import type { ConfigObjDocument, KeyNode, SectionNode } from "./document.ts";

/** The section of that name directly below the root; undefined also where the name is a value. */
export function topSection(document: ConfigObjDocument, name: string): SectionNode | undefined {
  return document.sections.find((one) => one.depth === 1 && one.name === name);
}

/** The keys that stand in a section itself, not in its sub-sections. */
export function keysOf(document: ConfigObjDocument, section: SectionNode): KeyNode[] {
  return document.keys.filter((key) => key.section === section);
}

/** Index of the first line behind a section's own: the next header of any depth, or the end of the document. */
export function endOfSection(document: ConfigObjDocument, section: SectionNode): number {
  const next = document.sections[document.sections.indexOf(section) + 1];
  return next?.line ?? document.lines.count;
}
