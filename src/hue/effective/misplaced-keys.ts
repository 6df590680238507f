import type { Warning } from "../../domain/warning.ts";
import { hueWarning } from "../../messages/warnings/hue.ts";
import { pathOf } from "../configobj/find.ts";
import { headerOf, type SectionPath, type SettingTable, sectionLabel } from "../settings.ts";
import { type ParsedFile, placeOf } from "./conf-file.ts";

/** Keys without effect: above any header, or in a section that is nearly the right one. */
export function misplacedKeys({ path, document }: ParsedFile, table: SettingTable): Warning[] {
  const rows = Object.values(table);
  return document.keys.flatMap((key): Warning[] => {
    const own = rows.filter((row) => row.key === key.name);
    if (own.length === 0) return [];
    const found = pathOf(key.section);
    const place = placeOf(path, key);
    return own.flatMap(({ section }): Warning[] => {
      if (found.length === 0) {
        return [hueWarning("key-outside-section", { place, key: key.name, section: sectionLabel(section) })];
      }
      if (!isNear(found, section)) return [];
      const header = headerOf(key.section.name, key.section.depth);
      return [
        hueWarning("key-in-other-section", {
          place,
          key: key.name,
          found: header,
          section: sectionLabel(section),
        }),
      ];
    });
  });
}

/**
 * True where somebody must have meant the other section: right below it or right above it, or a section of its name at
 * another depth. A key of a nested section may well belong into sections of that name elsewhere (`[beeswax] [[ssl]]`).
 */
function isNear(found: readonly string[], wanted: SectionPath): boolean {
  const last = wanted.at(-1);
  if (wanted.length > 1) {
    return isPrefix(found, wanted, wanted.length - 1) || (found.length === 1 && found[0] === last);
  }
  return isPrefix(wanted, found, found.length - 1) || (found.length > 1 && found.at(-1) === last);
}

/** True if `short` has `length` names and `long` begins with them. */
function isPrefix(short: readonly string[], long: readonly string[], length: number): boolean {
  return short.length === length && short.every((name, at) => name === long[at]);
}
