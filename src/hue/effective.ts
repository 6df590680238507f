import type { Warning } from "../domain/warning.ts";
import {
  type BrokenFile,
  type ConfFile,
  type Located,
  type ParsedFile,
  parseFiles,
} from "./effective/conf-file.ts";
import { elsewhereWarnings } from "./effective/elsewhere.ts";
import { fileWarnings, setInSeveralFiles } from "./effective/file-warnings.ts";
import { interpolationWarnings, type LookUp, mergedSections, mergedValue } from "./effective/merge.ts";
import { type HueSecurity, hueSecurity } from "./effective/security.ts";
import { settingWarnings } from "./effective/setting-warnings.ts";
import { type HueTransport, transportOf } from "./effective/transport.ts";
import { HUE_SETTINGS, SETTING_NAMES, type SettingName, type SettingTable } from "./settings.ts";

export type { BrokenFile, ConfFile, Located } from "./effective/conf-file.ts";
export type { HueLogin, HueSecurity } from "./effective/security.ts";
export type { HueTransport } from "./effective/transport.ts";

/** A value as Hue reads it, and where it is set. */
export type FoundSetting = Located<string | string[]>;

/** What Hue reads about Impala, all files together. */
export interface EffectiveImpala<N extends string = SettingName> {
  readonly settings: { readonly [name in N]?: FoundSetting };
  /** What Hue will speak to Impala. */
  readonly transport: HueTransport;
  readonly warnings: Warning[];
  readonly broken: BrokenFile[];
}

/** `partial`: Hue reads a file that Cloudera Manager makes before these, so that what is missing may be there. */
interface Reading {
  readonly partial?: boolean;
}

/**
 * Which of the table's settings Hue uses, and where each is set. Hue merges all files, section by section, and the
 * later file wins key by key; inside one file ConfigObj allows each key once.
 *
 * Values are as Hue reads them: `%(name)s` replaced, a list where commas make one. Pure.
 *
 * @param files in the order in which Hue reads them (`readConfFolder`; safety valves: service, group, role)
 * @returns `broken` has the files that keep Hue from starting; `warnings` has what makes a setting moot or makes Hue
 *   fail
 */
export function effectiveImpala(files: readonly ConfFile[], reading: Reading = {}): EffectiveImpala {
  return effectiveSettings(files, HUE_SETTINGS, reading);
}

/** As {@link effectiveImpala}, for the settings of any table. */
export function effectiveSettings<T extends SettingTable>(
  files: readonly ConfFile[],
  table: T,
  { partial = false }: Reading = {},
): EffectiveImpala<keyof T & string> {
  const { parsed, broken } = parseFiles(files);
  const lookUp: LookUp = (section, key) => mergedValue(parsed, section, key);
  const settings: { [name in keyof T & string]?: FoundSetting } = {};
  for (const name of Object.keys(table) as (keyof T & string)[]) {
    const row = table[name];
    const found = row && lookUp(row.section, row.key);
    if (found !== undefined) settings[name] = found;
  }
  const warnings = [
    ...parsed.flatMap((file) => fileWarnings(file, table)),
    ...setInSeveralFiles(parsed, table),
    ...interpolationWarnings(parsed),
    ...settingWarnings(lookUp, table),
    ...elsewhereWarnings(parsed, lookUp, partial),
  ];
  return { settings, transport: transportOf(securityOf(parsed)), warnings, broken };
}

/** What the files say, all together, about the security of Hue's connections to Impala. Pure. */
export function effectiveSecurity(files: readonly ConfFile[]): HueSecurity {
  return securityOf(parseFiles(files).parsed);
}

function securityOf(parsed: readonly ParsedFile[]): HueSecurity {
  return hueSecurity(
    (section, key) => mergedValue(parsed, section, key),
    (section) => mergedSections(parsed, section),
  );
}

/** Which settings of a file or safety valve an edit changes, in the table's order. */
export function changedSettings(before: Uint8Array, after: Uint8Array): SettingName[] {
  const [old, now] = [before, after].map((bytes) => effectiveImpala([{ path: "", bytes }]).settings);
  return SETTING_NAMES.filter((name) => String(old?.[name]?.value) !== String(now?.[name]?.value));
}
