/**
 * What ConfigObj makes of a document: sections are nested records (without a prototype, so that any name is safe),
 * values are strings or lists of strings as written, before interpolation.
 */
export type ConfigObjTree = { [name: string]: string | string[] | ConfigObjTree };

/** A record without a prototype: `__proto__` and `constructor` are names like any other. */
export function emptyTree(): ConfigObjTree {
  // Cheaper by far than Object.create(null), which sets up a hash table: there may be 100,000 sections.
  return Object.setPrototypeOf({}, null);
}

/** True for a section, false for a value, a list or nothing. */
export function isSection(value: ConfigObjTree[string] | undefined): value is ConfigObjTree {
  return typeof value === "object" && !Array.isArray(value);
}
