import type { ConfigObjDocument, KeyNode, SectionNode } from "./document.ts";

/** The section of that name directly below another one; undefined also where the name is a value. */
export function childSection(
  document: ConfigObjDocument,
  parent: SectionNode,
  name: string,
): SectionNode | undefined {
  return document.sections.find((one) => one.parent === parent && one.name === name);
}

/** The section at a path from the root; undefined also where one of the names is a value. */
export function sectionAt(document: ConfigObjDocument, path: readonly string[]): SectionNode | undefined {
  let section: SectionNode | undefined = document.root;
  for (const name of path) section = section && childSection(document, section, name);
  return section;
}

/** The names that lead to a section, from the top. */
export function pathOf(section: SectionNode): string[] {
  const path: string[] = [];
  for (let one = section; one.parent !== undefined; one = one.parent) path.unshift(one.name);
  return path;
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

/** Index of the first line behind a section and all sections in it. */
export function endOfSubtree(document: ConfigObjDocument, section: SectionNode): number {
  const next = document.sections.find((one) => one.line > section.line && one.depth <= section.depth);
  return next?.line ?? document.lines.count;
}
