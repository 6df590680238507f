import { ConfigObjError, parseConfigObj } from "../../../src/hue/configobj.ts";
import { mentionsSecret } from "../../../src/hue/secrets.ts";
import type { Verdict } from "./oracle.ts";

/** Our verdict in the oracle's shape. */
export function ourVerdict(bytes: Uint8Array): Verdict {
  try {
    return { tree: parseConfigObj(bytes) };
  } catch (error) {
    if (!(error instanceof ConfigObjError)) throw error;
    return { problems: error.problems.map((problem) => [problem.error, problem.line, problem.message]) };
  }
}

/**
 * What differs between ConfigObj's verdict and ours, or undefined. Compares the whole tree, or every problem with
 * class, line and wording; only a quoted line that we hide or cut is left out, and the line number where Python tells
 * none.
 */
export function difference(bytes: Uint8Array, theirs: Verdict): string | undefined {
  const ours = ourVerdict(bytes);
  const left = JSON.stringify(canonical(theirs, bytes));
  const right = JSON.stringify(canonical(ours, bytes));
  if (left === right) return undefined;
  return `${JSON.stringify(Buffer.from(bytes).toString("latin1"))}\n  ConfigObj: ${left}\n  ours:      ${right}`;
}

function canonical(verdict: Verdict, bytes: Uint8Array): unknown {
  if (verdict.problems === undefined) return { tree: sorted(verdict.tree) };
  const hidden = mentionsSecret(Buffer.from(bytes).toString("latin1"));
  return verdict.problems.slice(0, 100).map(([name, line, message]) => {
    if (/utf-?16/i.test(message)) return ["UnicodeError", "UTF-16"];
    if (name.startsWith("Unicode")) return ["UnicodeError", message];
    const cut = message.startsWith("Invalid line") && (hidden || message.length > 200);
    return [name, line, cut ? "Invalid line" : message];
  });
}

/** The same tree with names in one order, prototypes aside. */
function sorted(tree: unknown): unknown {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return tree;
  return Object.entries(tree)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [name, sorted(value)]);
}
