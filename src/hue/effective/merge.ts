import type { Warning } from "../../domain/warning.ts";
import { keysOf, topSection } from "../configobj/find.ts";
import { type ConfigObjTree, emptyTree, isSection } from "../configobj/tree.ts";
import type { Located, ParsedFile } from "./conf-file.ts";
import { interpolate } from "./interpolation.ts";

/**
 * The value of a key in a top section after Hue has merged its files in this order, `%(name)s` replaced. A later file wins
 * key by key, or takes the whole section away by giving its name a value.
 */
export function mergedValue(
  files: readonly ParsedFile[],
  sectionName: string,
  keyName: string,
): Located<string | string[]> | undefined {
  let found: Located<string | string[]> | undefined;
  for (const { path, document } of files) {
    const section = topSection(document, sectionName);
    if (section === undefined) {
      if (sectionName in document.root.tree) found = undefined;
      continue;
    }
    const key = keysOf(document, section).find((one) => one.name === keyName);
    if (key === undefined) continue;
    const read = interpolate([withHueDefault(document.root.tree), section.tree], keyName, key.value);
    found = { value: "value" in read ? read.value : key.value, path, line: key.line + 1 };
  }
  return found;
}

/**
 * While merging, Hue reads every value above the sections, and every value of a section that an earlier file has too. One
 * `%(name)s` that cannot be replaced then keeps Hue from starting; elsewhere it only fails when that value is used.
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
          if ("fault" in read) warnings.push(cannotStart(path, name, read.name));
          target[name] = value;
        } else if (isSection(known)) todo.push([[...chain, value], value, known]);
        else target[name] = copyOf(value);
      }
    }
  }
  return warnings;
}

function cannotStart(path: string, key: string, name: string): Warning {
  const message = `${path}: ${key} refers to %(${name})s, which cannot be replaced; Hue reads it while it merges its files and will not start`;
  return { code: "interpolation", message };
}

/** Hue puts a section DEFAULT of its own into each file, in place of the user's. Where Hue is installed does not matter here. */
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
