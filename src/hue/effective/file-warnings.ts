import { basename } from "node:path";
import type { Warning } from "../../domain/warning.ts";
import { endOfSection, keysOf, topSection } from "../configobj/find.ts";
import { isCommentedDefault } from "../edit/commented-default.ts";
import { SETTING_KEYS } from "../settings.ts";
import { type ParsedFile, placeOf } from "./conf-file.ts";

const KEYS: readonly string[] = SETTING_KEYS.map(([, key]) => key);

/** Commented defaults that Hue's template has in [impala] since 3.6. */
const KEYS_SINCE_3_6 = [
  "server_conn_timeout",
  "querycache_rows",
  "close_queries",
  "query_timeout_s",
  "session_timeout_s",
];

const BACKUP_WORDS = [
  ...["backup", "bak", "bkp", "copy", "old", "orig", "original", "prev", "previous"],
  ...["rpmnew", "rpmsave", "save", "saved", "temp", "tmp"],
];

/** What is wrong with one file, whatever the others hold. */
export function fileWarnings(file: ParsedFile): Warning[] {
  return [...strayBackup(file), ...misplacedKeys(file), ...impalaIsAValue(file), ...olderThan36(file)];
}

/** A backup whose name ends in `.ini` is live configuration. */
function strayBackup({ path }: ParsedFile): Warning[] {
  const name = basename(path).toLowerCase();
  const words = name.split(/[^a-z]+/);
  const dated = /(^|[^0-9])(19|20)[0-9][0-9]/.test(name);
  if (!dated && !BACKUP_WORDS.some((word) => words.includes(word))) return [];
  const message = `${path} looks like a backup, but Hue reads every *.ini in its folder: give it a name that ends otherwise`;
  return [{ code: "stray-ini", message }];
}

/** Keys without effect: above any header, in a sub-section of [impala], in a section impala of another section. */
function misplacedKeys({ path, document }: ParsedFile): Warning[] {
  return document.keys.flatMap((key): Warning[] => {
    const { section } = key;
    if (!KEYS.includes(key.name)) return [];
    const what = `${placeOf(path, key)}: ${key.name} stands`;
    if (section.depth === 0) {
      const message = `${what} above any section and has no effect; it belongs below [impala]`;
      return [{ code: "key-outside-section", message }];
    }
    const belowImpala = section.depth === 2 && section.parent?.name === "impala";
    if (!belowImpala && (section.depth === 1 || section.name !== "impala")) return [];
    const header = "[".repeat(section.depth) + section.name + "]".repeat(section.depth);
    return [
      { code: "key-in-other-section", message: `${what} in ${header}, not in [impala], and has no effect` },
    ];
  });
}

function impalaIsAValue({ path, document }: ParsedFile): Warning[] {
  const key = keysOf(document, document.root).find((one) => one.name === "impala");
  if (key === undefined) return [];
  const message = `${placeOf(path, key)}: impala has a value here, so that Hue finds no section [impala]`;
  return [{ code: "impala-is-a-value", message }];
}

/** The template of Hue before 3.6 has a time limit in [beeswax] only, which Impala then shared. */
function olderThan36({ path, document }: ParsedFile): Warning[] {
  const isSpace = document.source.isSpace;
  const impala = linesOf(document, "impala");
  const beeswax = linesOf(document, "beeswax");
  const names = (lines: readonly string[], key: string): boolean =>
    lines.some((line) => isCommentedDefault(line, key, isSpace));
  if (!names(impala, "server_host") || KEYS_SINCE_3_6.some((key) => names(impala, key))) return [];
  if (!names(beeswax, "server_conn_timeout") && !names(beeswax, "beeswax_server_conn_timeout")) return [];
  const message = `${path} looks like the template of a Hue before 3.6, which ignores server_conn_timeout in [impala] and takes the one of [beeswax]`;
  return [{ code: "hue-before-3.6", message }];
}

/** The lines between the header of a top section and the next header. */
function linesOf(document: ParsedFile["document"], name: string): string[] {
  const section = topSection(document, name);
  if (section === undefined) return [];
  const lines: string[] = [];
  for (let at = section.line + 1; at < endOfSection(document, section); at++)
    lines.push(document.lines.text(at));
  return lines;
}

/** Says which file wins where several give a key different values. */
export function setInSeveralFiles(files: readonly ParsedFile[]): Warning[] {
  return KEYS.flatMap((name): Warning[] => {
    const places = files.flatMap(({ path, document }) =>
      document.keys
        .filter((key) => key.name === name && key.section === topSection(document, "impala"))
        .map((key) => ({ at: placeOf(path, key), value: JSON.stringify(key.value) })),
    );
    const last = places.at(-1);
    if (last === undefined || places.every((place) => place.value === last.value)) return [];
    const others = places.slice(0, -1).map((place) => place.at);
    const message = `${name} is set in several files: Hue uses ${last.value} of ${last.at}, not ${others.join(", ")}`;
    return [{ code: "set-in-several-files", message }];
  });
}
