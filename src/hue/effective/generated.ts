import type { Warning } from "../../domain/warning.ts";
import { GENERATORS, type Generator, generatedWarning } from "../../messages/warnings/generated.ts";
import { type ConfFile, type ParsedFile, parseFiles } from "./conf-file.ts";

/** How each generator writes its name into the head of a file. */
const SIGNATURES: readonly (readonly [Generator, RegExp])[] = [
  ["ansible", /\bansible\b/i],
  ["ambari", /\bambari\b/i],
  ["adcm", /\b(adcm|arenadata cluster manager)\b/i],
  ["emr", /\b(amazon emr|emr|elastic ?mapreduce)\b/i],
  ["puppet", /\bpuppet\b/i],
  ["chef", /\bchef\b/i],
  ["salt", /\bsalt(stack)?\b/i],
  ["terraform", /\bterraform\b/i],
  ["helm", /\bhelm\b/i],
];

/** The words of such a head; a name alone may be anything, such as a path. */
const SAYS_SO =
  /\b(managed|generated|maintained|controlled|rendered|created|written|deployed|configured|provisioned)\b.{0,40}\bby\b|\b\w+[- ]managed\b|\bdo not (edit|modify|change)\b|\bauto(matically|-)? ?generated\b|\b(changes|edits|modifications)\b.{0,60}\b(lost|overwritten|overridden)\b/i;

/** So many lines at the top may hold the head. */
const HEAD = 40;

/** What stands for a value in a template: Jinja and Helm, shells and Terraform, ERB and other page templates. */
const PLACEHOLDERS: readonly (readonly [Generator, RegExp])[] = [
  ["jinja", /\{\{.*?\}\}|\{%.*?%\}/],
  ["shell", /\$\{[A-Za-z_][^}]*\}/],
  ["erb", /<%.*?%>/],
];

/**
 * Files that another program writes: it will undo what is edited here. Found by their head, and by placeholders in
 * active values; what is commented out counts for nothing. The files must be as they were before an edit.
 */
export function generatedWarnings(files: readonly ConfFile[]): Warning[] {
  return parseFiles(files).parsed.flatMap((file): Warning[] => {
    const head = headOf(file);
    const template = placeholderIn(file);
    return [...(head === undefined ? [] : [head]), ...(template === undefined ? [] : [template])];
  });
}

function headOf({ path, document }: ParsedFile): Warning | undefined {
  const { lines } = document;
  const head: string[] = [];
  for (let at = 0; at < Math.min(HEAD, lines.count); at++) {
    const text = lines
      .text(at)
      .replace(/^\ufeff/, "")
      .trim();
    if (text !== "" && !text.startsWith("#")) break;
    head.push(text);
  }
  const alone = head.findIndex((text) => SAYS_SO.test(text));
  // A sentence may go on in the next line.
  const at = alone >= 0 ? alone : head.findIndex((_, line) => SAYS_SO.test(around(head, line)));
  if (at < 0) return undefined;
  const found = SIGNATURES.find(([, name]) => name.test(around(head, at)));
  return generatedWarning("generated-file", {
    place: `${path}:${at + 1}`,
    ...GENERATORS[found?.[0] ?? "unknown"],
  });
}

function around(head: readonly string[], at: number): string {
  return `${head[at] ?? ""} ${(head[at + 1] ?? "").replace(/^#+/, "")}`;
}

function placeholderIn({ path, document }: ParsedFile): Warning | undefined {
  const found = document.keys.flatMap(({ value, line }) => {
    const text = [value].flat().join(",");
    const match = PLACEHOLDERS.map(([generator, form]) => [generator, form.exec(text)?.[0]] as const).find(
      ([, placeholder]) => placeholder !== undefined,
    );
    return match === undefined ? [] : [{ generator: match[0], placeholder: match[1] ?? "", line: line + 1 }];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  const { generator, placeholder, line } = first;
  return generatedWarning("template-placeholder", {
    place: `${path}:${line}`,
    placeholder,
    count: found.length,
    ...GENERATORS[generator],
  });
}
