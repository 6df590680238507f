import { posix } from "node:path";
import { sources, textOf } from "./tree.ts";

/** One import of a source file. */
export interface Import {
  readonly from: string;
  /** Path from the root for a file of the project, else the specifier as written. */
  readonly to: string;
  readonly kind: "static" | "dynamic" | "type";
}

// A statement's clause holds no quote and no semicolon; Biome's format makes that dependable.
const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** All imports of a file: `import`, `export … from`, `import type` and `import()`. */
export function importsOf(path: string): readonly Import[] {
  const text = withoutComments(textOf(path));
  const found: Import[] = [];
  for (const [, type, specifier = ""] of text.matchAll(STATEMENT)) {
    found.push({ from: path, to: resolve(path, specifier), kind: type === undefined ? "static" : "type" });
  }
  for (const match of text.matchAll(DYNAMIC)) {
    // `typeof import("x")` and `import("x").Name` in a type are types.
    const isType =
      /(typeof|[:<|&=(,]|extends)\s*$/.test(text.slice(0, match.index)) && !isAwaited(text, match.index);
    found.push({ from: path, to: resolve(path, match[1] ?? ""), kind: isType ? "type" : "dynamic" });
  }
  return found;
}

/**
 * Everything that runs when `start` is loaded: files and packages, by the way that leads to each.
 * @param except imports not to follow, as `from > to`
 */
export function closure(
  start: readonly string[],
  kinds: readonly Import["kind"][],
  except: readonly string[] = [],
): Map<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>(start.map((path) => [path, [path]]));
  const queue = [...start];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (!path.endsWith(".ts")) continue;
    for (const { to, kind } of importsOf(path)) {
      if (!kinds.includes(kind) || ways.has(to) || except.includes(`${path} > ${to}`)) continue;
      ways.set(to, [...(ways.get(path) ?? []), to]);
      queue.push(to);
    }
  }
  return ways;
}

/** `axios` of `axios/lib/x`, `@scope/name` of `@scope/name/x`; undefined for files and Node's own modules. */
export function packageOf(to: string): string | undefined {
  if (to.startsWith("node:") || /^(src|test|fixtures|bench)\//.test(to)) return undefined;
  return to.split("/", to.startsWith("@") ? 2 : 1).join("/");
}

/** Imports of every source file below a folder. */
export function allImports(folder: string): readonly Import[] {
  return sources(folder).flatMap(importsOf);
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier;
}

function isAwaited(text: string, index: number): boolean {
  return /\bawait\s*$|=>\s*$|\breturn\s*$/.test(text.slice(0, index));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
