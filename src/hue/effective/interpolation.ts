import type { ConfigObjTree } from "../configobj/tree.ts";

/** A value as ConfigObj hands it out, or why it cannot: the `%(name)s` that leads nowhere, or in a circle. */
export type Interpolated =
  | { readonly value: string | string[] }
  | { readonly fault: "missing" | "loop" | "no-text" | "too-long"; readonly name: string };

/** Longer results than this come from names that multiply each other; nobody means them. */
const LONGEST = 100_000;

/** Python gives up at about a thousand calls within each other. */
const DEEPEST = 900;

class Fault extends Error {
  readonly fault: "missing" | "loop" | "no-text" | "too-long";
  readonly reference: string;

  constructor(fault: Fault["fault"], reference: string) {
    super(fault);
    this.fault = fault;
    this.reference = reference;
  }
}

interface Found {
  readonly value: string | string[];
  /** How many sections up from the root it was found: names in one section are the same place. */
  readonly level: number;
}

/**
 * Names being replaced, to see circles, and names replaced already: each is worked out once, however often it is used.
 */
interface Seen {
  readonly open: Set<string>;
  readonly known: Map<string, string>;
}

/**
 * Replaces `%(name)s` in the value of `key` as ConfigObj does when Hue reads it: `name` is looked for in the same
 * section, in its `DEFAULT`, then in the sections above. Nothing escapes `%(`; a `%` that starts no `%(name)s` is text.
 *
 * @param chain the sections from the root down to the one that holds the key
 */
export function interpolate(
  chain: readonly ConfigObjTree[],
  key: string,
  value: string | string[],
): Interpolated {
  const expandItem = (item: string): string =>
    expand(chain, key, item, chain.length - 1, { open: new Set(), known: new Map() });
  try {
    return { value: Array.isArray(value) ? value.map(expandItem) : expandItem(value) };
  } catch (error) {
    if (error instanceof Fault) return { fault: error.fault, name: error.reference };
    throw error;
  }
}

function expand(
  chain: readonly ConfigObjTree[],
  key: string,
  text: string,
  level: number,
  seen: Seen,
): string {
  const place = `${level} ${key}`;
  if (seen.open.has(place)) throw new Fault("loop", key);
  if (seen.open.size >= DEEPEST) throw new Fault("too-long", key);
  seen.open.add(place);
  let out = "";
  let at = 0;
  for (let mark = text.indexOf("%("); mark >= 0; mark = text.indexOf("%(", at)) {
    const close = text.indexOf(")", mark);
    if (close < 0) break;
    if (text.charAt(close + 1) !== "s") {
      out += text.slice(at, close + 1);
      at = close + 1;
      continue;
    }
    const name = text.slice(mark + 2, close);
    const found = fetch(chain, name);
    if (found === undefined) throw new Fault("missing", name);
    if (Array.isArray(found.value)) throw new Fault("no-text", name);
    const known = seen.known.get(`${found.level} ${name}`);
    out += text.slice(at, mark) + (known ?? expand(chain, name, found.value, found.level, seen));
    if (out.length > LONGEST) throw new Fault("too-long", name);
    at = close + 2;
  }
  seen.open.delete(place);
  out += text.slice(at);
  seen.known.set(place, out);
  return out;
}

function fetch(chain: readonly ConfigObjTree[], name: string): Found | undefined {
  for (let level = chain.length - 1; level >= 0; level--) {
    const section = chain[level];
    for (const place of [section, section?.["DEFAULT"]]) {
      if (typeof place !== "object" || Array.isArray(place)) continue;
      const value = place[name];
      if (typeof value === "string" || Array.isArray(value)) return { value, level };
    }
  }
  return undefined;
}
