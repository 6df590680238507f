import { hueFailure } from "../../messages/failures/hue.ts";
import { type ConfigObjTree, emptyTree, isSection } from "../configobj/tree.ts";
import type { Assignment } from "./assignments.ts";

/**
 * Refuses an edit that did anything but what was wanted: the new tree must be the old one plus these keys in their
 * sections.
 * @throws Failure `failed`, code `self-check`; nothing has been written then
 */
export function checkOnlyChanged(
  old: ConfigObjTree,
  now: ConfigObjTree,
  wanted: readonly Assignment[],
): void {
  if (!sameTree(wanted.reduce(withAssignment, old), now)) throw hueFailure("self-check");
}

/** A tree like the old one but for that value; only the sections on the way to it are copied. */
function withAssignment(old: ConfigObjTree, { section, key, value }: Assignment): ConfigObjTree {
  const tree: ConfigObjTree = Object.assign(emptyTree(), old);
  let at = tree;
  for (const name of section) {
    const next: ConfigObjTree = Object.assign(emptyTree(), at[name]);
    at[name] = next;
    at = next;
  }
  at[key] = value;
  return tree;
}

/** Goes through a list, not by recursion: sections may nest as deep as the file is long. */
function sameTree(one: ConfigObjTree, other: ConfigObjTree): boolean {
  const pairs: [ConfigObjTree, ConfigObjTree][] = [[one, other]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [left, right] = pair;
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    for (const name of names) {
      const before = left[name];
      const after = right[name];
      if (isSection(before) && isSection(after)) pairs.push([before, after]);
      else if (!sameValue(before, after)) return false;
    }
  }
  return true;
}

type Value = ConfigObjTree[string] | undefined;

function sameValue(one: Value, other: Value): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
