import type { Warning } from "../../domain/warning.ts";
import { hueWarning } from "../../messages/warnings/hue.ts";
import type { SectionNode } from "../configobj/document.ts";
import { childSection, keysOf, sectionAt } from "../configobj/find.ts";
import { type ConfigObjTree, emptyTree, isSection } from "../configobj/tree.ts";
import type { Located, ParsedFile } from "./conf-file.ts";
import { interpolate } from "./interpolation.ts";

/** Gives a key as it is after the merge. */
export type LookUp = (section: readonly string[], key: string) => Located<string | string[]> | undefined;

/** Gives the names of the sections that stand directly in a section after the merge, in the order of their files. */
export type SectionNames = (section: readonly string[]) => readonly string[];

/**
 * The value of a key after Hue has merged its files in this order, `%(name)s` replaced. A later file wins key by key,
 * or takes a whole section away by giving its name a value.
 * @param section names of the sections that lead to the key, from the top
 */
export function mergedValue(
  files: readonly ParsedFile[],
  section: readonly string[],
  keyName: string,
): Located<string | string[]> | undefined {
  let found: Located<string | string[]> | undefined;
  for (const { path, document } of files) {
    const way: SectionNode[] = [document.root];
    for (const name of section) {
      const parent = way.at(-1) ?? document.root;
      const child = childSection(document, parent, name);
      if (child === undefined) {
        if (name in parent.tree) found = undefined;
        break;
      }
      way.push(child);
    }
    const last = way[section.length];
    const key = last && keysOf(document, last).find((one) => one.name === keyName);
    if (key === undefined) continue;
    const chain = [withHueDefault(document.root.tree), ...way.slice(1).map(({ tree }) => tree)];
    const read = interpolate(chain, keyName, key.value);
    found = { value: "value" in read ? read.value : key.value, path, line: key.line + 1 };
  }
  return found;
}

/** More clusters than any Hue has; each of them costs a look through all files. */
const MOST_SECTIONS = 100;

/** The sections directly below a section in any of these files. */
export function mergedSections(files: readonly ParsedFile[], section: readonly string[]): string[] {
  const names = files.flatMap(({ document }) => {
    const parent = sectionAt(document, section);
    return document.sections.flatMap((one) =>
      parent !== undefined && one.parent === parent ? [one.name] : [],
    );
  });
  return [...new Set(names)].slice(0, MOST_SECTIONS);
}

/**
 * While merging, Hue reads every value above the sections, and every value of a section that an earlier file has too.
 * One `%(name)s` that cannot be replaced then keeps Hue from starting; elsewhere it only fails when that value is used.
 */
export function interpolationWarnings(files: readonly ParsedFile[]): Warning[] {
  const warnings: Warning[] = [];
  const merged = emptyTree();
  for (const { path, document } of files) {
    const todo: [readonly ConfigObjTree[], ConfigObjTree, ConfigObjTree][] = [];
    const root = withHueDefault(document.root.tree);
    todo.push([[root], root, merged]);
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const [chain, source, target] = next;
      for (const [name, value] of Object.entries(source)) {
        const known = target[name];
        if (!isSection(value)) {
          const read = interpolate(chain, name, value);
          if ("fault" in read)
            warnings.push(hueWarning("interpolation", { path, key: name, name: read.name }));
          target[name] = value;
        } else if (isSection(known)) todo.push([[...chain, value], value, known]);
        else target[name] = copyOf(value);
      }
    }
  }
  return warnings;
}

/**
 * Hue puts a section DEFAULT of its own into each file, in place of the user's. Where Hue is installed does not matter
 * here.
 */
function withHueDefault(root: ConfigObjTree): ConfigObjTree {
  const own: ConfigObjTree = Object.assign(emptyTree(), { desktop_root: "", build_dir: "" });
  return Object.assign(emptyTree(), root, { DEFAULT: own });
}

function copyOf(tree: ConfigObjTree): ConfigObjTree {
  const copy = emptyTree();
  const todo: [ConfigObjTree, ConfigObjTree][] = [[tree, copy]];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const [source, target] = next;
    for (const [name, value] of Object.entries(source)) {
      if (!isSection(value)) target[name] = value;
      else {
        const child = emptyTree();
        target[name] = child;
        todo.push([value, child]);
      }
    }
  }
  return copy;
}
