import { basename } from "node:path";
import type { Warning } from "../../domain/warning.ts";
import { hueWarning } from "../../messages/warnings/hue.ts";
import { keysOf, sectionAt } from "../configobj/find.ts";
import { headerOf, type SectionPath, type SettingTable } from "../settings.ts";
import { type ParsedFile, placeOf } from "./conf-file.ts";
import { misplacedKeys } from "./misplaced-keys.ts";
import { templateBefore36 } from "./old-template.ts";

const BACKUP_WORDS = [
  ...["backup", "bak", "bkp", "copy", "old", "orig", "original", "prev", "previous"],
  ...["rpmnew", "rpmsave", "save", "saved", "temp", "tmp"],
];

/** What is wrong with one file, whatever the others hold. */
export function fileWarnings(file: ParsedFile, table: SettingTable): Warning[] {
  return [
    ...strayBackup(file),
    ...misplacedKeys(file, table),
    ...sectionsThatAreValues(file, table),
    ...templateBefore36(file),
  ];
}

/** A backup whose name ends in `.ini` is live configuration. */
function strayBackup({ path }: ParsedFile): Warning[] {
  const name = basename(path).toLowerCase();
  const words = name.split(/[^a-z]+/);
  const dated = /(^|[^0-9])(19|20)[0-9][0-9]/.test(name);
  if (!dated && !BACKUP_WORDS.some((word) => words.includes(word))) return [];
  return [hueWarning("stray-ini", { path })];
}

function sectionsThatAreValues({ path, document }: ParsedFile, table: SettingTable): Warning[] {
  const sections = new Map<string, readonly string[]>();
  for (const { section } of Object.values(table)) {
    for (let depth = 1; depth <= section.length; depth++) {
      const part = section.slice(0, depth);
      sections.set(part.join("\n"), part);
    }
  }
  return [...sections.values()].flatMap((section): Warning[] => {
    const name = section.at(-1) ?? "";
    const parent = sectionAt(document, section.slice(0, -1));
    const key = parent && keysOf(document, parent).find((one) => one.name === name);
    if (key === undefined) return [];
    const header = headerOf(name, section.length);
    return [hueWarning("impala-is-a-value", { place: placeOf(path, key), name, header })];
  });
}

/** Says which file wins where several give a key different values. */
export function setInSeveralFiles(files: readonly ParsedFile[], table: SettingTable): Warning[] {
  return Object.values(table).flatMap(({ section, key }): Warning[] => {
    const places = files.flatMap((file) => placesOf(file, section, key));
    const last = places.at(-1);
    if (last === undefined || places.every((place) => place.value === last.value)) return [];
    const losers = places.slice(0, -1).map((place) => place.at);
    return [
      hueWarning("set-in-several-files", {
        key,
        value: last.value,
        winner: last.at,
        losers: losers.join(", "),
      }),
    ];
  });
}

function placesOf({ path, document }: ParsedFile, section: SectionPath, name: string) {
  const node = sectionAt(document, section);
  if (node === undefined) return [];
  return keysOf(document, node)
    .filter((key) => key.name === name)
    .map((key) => ({ at: placeOf(path, key), value: JSON.stringify(key.value) }));
}
