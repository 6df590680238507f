import type { Warning } from "../../domain/warning.ts";
import { type ConfFile, effectiveImpala, type FoundSetting } from "../../hue/effective.ts";
import {
  type AnySetting,
  HUE_SETTINGS,
  type SettingName,
  settingsLabel,
  type WantedSettings,
} from "../../hue/settings.ts";
import { planWarning } from "../../messages/warnings/plan.ts";
import { OPTIONS } from "../answers/options.ts";

/** What is left to set, and what is said of that which stays. */
export interface Kept {
  readonly settings: WantedSettings;
  /** What stays, as it is written where it stands. */
  readonly stays: { readonly [name in SettingName]?: string };
  readonly warnings: readonly Warning[];
}

/**
 * Takes out of the settings each default that meets a value at least as good: somebody has set that, and nobody has
 * asked for the default. Pure.
 * @param byDefault the settings that nobody has named
 * @param places what Hue reads, alone or together, that a default must not put aside; a broken file is told elsewhere
 */
export function keepBetter(
  settings: WantedSettings,
  byDefault: readonly SettingName[],
  places: readonly (readonly ConfFile[])[],
): Kept {
  const warnings: Warning[] = [];
  const stays: { [name in SettingName]?: string } = {};
  const left: Record<string, unknown> = { ...settings };
  const found = places.map((files) => effectiveImpala(files).settings);
  for (const name of byDefault) {
    const better = found.map((each) => each[name]).find((each) => isBetter(name, each, settings[name]));
    if (better === undefined) continue;
    delete left[name];
    const value = String(better.value);
    stays[name] = value;
    if (value === String(settings[name])) continue;
    warnings.push(
      planWarning("default-not-better", {
        place: `${better.path}:${better.line}`,
        setting: settingsLabel([name]),
        value,
        byDefault: String(settings[name]),
        flag: OPTIONS[name].flag,
      }),
    );
  }
  return { settings: left as unknown as WantedSettings, stays, warnings };
}

function isBetter(name: SettingName, found: FoundSetting | undefined, byDefault: unknown): boolean {
  const row: AnySetting = HUE_SETTINGS[name];
  return typeof found?.value === "string" && row.atLeast?.(found.value, byDefault) === true;
}
