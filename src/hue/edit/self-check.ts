import { Failure } from "../../domain/failure.ts";
import { type ConfigObjTree, emptyTree, isSection } from "../configobj/tree.ts";
import type { Assignment } from "../settings.ts";

/**
 * Refuses an edit that did anything but what was wanted: the new tree must be the old one plus these keys in `[impala]`.
 * @throws Failure `failed`, code `self-check`; nothing has been written then
 */
export function checkOnlyChanged(
  old: ConfigObjTree,
  now: ConfigObjTree,
  wanted: readonly Assignment[],
): void {
  if (sameTree(withAssignments(old, wanted), now)) return;
  throw new Failure(
    "failed",
    "self-check",
    "the edited text does not mean what it should: nothing was written",
    "this is a mistake in hue-impala-setup; please report it with the file",
  );
}

/** The old tree plus these keys in `[impala]`. */
function withAssignments(old: ConfigObjTree, wanted: readonly Assignment[]): ConfigObjTree {
  if (wanted.length === 0) return old;
  const impala: ConfigObjTree = Object.assign(emptyTree(), old["impala"]);
  for (const [key, value] of wanted) impala[key] = value;
  return Object.assign(emptyTree(), old, { impala });
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
