import { secretLines } from "../../hue/secrets.ts";
import { type Change, isFileChange, isLoadBalancerChange, isValveChange } from "./change.ts";

const CONTEXT_LINES = 3;

/**
 * The unified diff of a change as `patch -p0` accepts it, or undefined for changes that are not text. One character per
 * byte (latin1), so that any encoding survives: write it with `Buffer.from(diff, "latin1")`.
 * Context that holds secrets is left out rather than masked: a masked line would no longer match the file.
 */
export async function diffOf(change: Change): Promise<string | undefined> {
  if (isFileChange(change)) {
    const before = change.before === null ? null : Buffer.from(change.before).toString("latin1");
    const after = change.after === null ? null : Buffer.from(change.after).toString("latin1");
    return unifiedDiff(change.target, before, after);
  }
  if (isValveChange(change))
    return unifiedDiff(change.target, latin1(change.valve.value), latin1(change.after));
  if (isLoadBalancerChange(change)) {
    const patches = change.edits.map(({ owner, value, after }) =>
      unifiedDiff(`${change.target}/${owner}`, asLine(value), asLine(after)),
    );
    return (await Promise.all(patches)).join("");
  }
  return undefined;
}

/** A diff made by {@link diffOf} as readable text. */
export function diffText(diff: string): string {
  return Buffer.from(diff, "latin1").toString("utf8");
}

/** A value that has no line ends of its own. */
function asLine(value: string): string {
  return value === "" ? "" : `${latin1(value)}\n`;
}

function latin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

interface Hunk {
  readonly oldStart: number;
  readonly lines: readonly string[];
}

/** True if a line that does not change, and is only shown around the change, holds a secret. */
function showsSecret(hunk: Hunk, secrets: ReadonlySet<number>): boolean {
  let line = hunk.oldStart;
  for (const text of hunk.lines) {
    if (text.startsWith(" ") && secrets.has(line)) return true;
    if (text.startsWith(" ") || text.startsWith("-")) line++;
  }
  return false;
}

async function unifiedDiff(name: string, before: string | null, after: string | null): Promise<string> {
  const { structuredPatch } = await import("diff");
  const label = latin1(name.replaceAll(/[\t\r\n]/g, " "));
  const secrets = secretLines(before ?? "");
  for (let context = CONTEXT_LINES; ; context--) {
    const { hunks } = structuredPatch("", "", before ?? "", after ?? "", undefined, undefined, { context });
    if (context > 0 && hunks.some((hunk) => showsSecret(hunk, secrets))) continue;
    const header = [
      `--- ${before === null ? "/dev/null" : label}`,
      `+++ ${after === null ? "/dev/null" : label}`,
    ];
    const body = hunks.flatMap((hunk) => [
      `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
      ...hunk.lines,
    ]);
    return hunks.length === 0 ? "" : `${[...header, ...body].join("\n")}\n`;
  }
}

/** A hunk of no lines starts at the line before it (POSIX); one line is written without a count. */
function range(start: number, count: number): string {
  if (count === 0) return `${Math.max(0, start - 1)},0`;
  return count === 1 ? `${start}` : `${start},${count}`;
}
