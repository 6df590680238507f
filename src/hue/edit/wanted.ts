import type { Assignment } from "./assignments.ts";

/** What is wanted in one section: values of its own, and what is wanted in sections of it. */
export interface Wanted {
  readonly values: Map<string, string>;
  readonly sections: Map<string, Wanted>;
}

/** The assignments as a tree of sections, from the root. */
export function wantedTree(assignments: readonly Assignment[]): Wanted {
  const root: Wanted = { values: new Map(), sections: new Map() };
  for (const { section, key, value } of assignments) {
    let at = root;
    for (const name of section) {
      const next: Wanted = at.sections.get(name) ?? { values: new Map(), sections: new Map() };
      at.sections.set(name, next);
      at = next;
    }
    at.values.set(key, value);
  }
  return root;
}
