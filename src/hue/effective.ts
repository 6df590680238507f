import type { Warning } from "../domain/warning.ts";
import { type BrokenFile, type ConfFile, type Located, parseFiles } from "./effective/conf-file.ts";
import { fileWarnings, setInSeveralFiles } from "./effective/file-warnings.ts";
import { interpolationWarnings, mergedValue } from "./effective/merge.ts";
import { settingWarnings } from "./effective/setting-warnings.ts";
import { SETTING_KEYS } from "./settings.ts";

export type { BrokenFile, ConfFile, Located } from "./effective/conf-file.ts";

type Setting = Located<string | string[]>;

/** What Hue reads about Impala, all files together. */
export interface EffectiveImpala {
  readonly settings: { readonly [name in (typeof SETTING_KEYS)[number][0]]?: Setting };
  readonly warnings: Warning[];
  readonly broken: BrokenFile[];
}

/**
 * Which server_host, server_port and server_conn_timeout Hue uses, and where each is set. Hue merges all files, section by
 * section, and the later file wins key by key; inside one file ConfigObj allows each key once.
 *
 * Values are as Hue reads them: `%(name)s` replaced, a list where commas make one. Pure.
 *
 * @param files in the order in which Hue reads them (`readConfFolder`; safety valves: service, group, role)
 * @returns `broken` has the files that keep Hue from starting; `warnings` has what makes a setting moot or makes Hue fail
 */
export function effectiveImpala(files: readonly ConfFile[]): EffectiveImpala {
  const { parsed, broken } = parseFiles(files);
  const settings: Record<string, Setting> = {};
  for (const [name, key] of SETTING_KEYS) {
    const setting = mergedValue(parsed, "impala", key);
    if (setting !== undefined) settings[name] = setting;
  }
  const warnings = [
    ...parsed.flatMap(fileWarnings),
    ...setInSeveralFiles(parsed),
    ...interpolationWarnings(parsed),
    ...settingWarnings((section, key) => mergedValue(parsed, section, key)),
  ];
  return { settings, warnings, broken };
}
