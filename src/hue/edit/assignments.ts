import { hueFailure } from "../../messages/failures/hue.ts";
import {
  type AnySetting,
  HUE_SETTINGS,
  type ImpalaSettings,
  SETTING_NAMES,
  type SectionPath,
} from "../settings.ts";

/** A key of hue.ini, the section it stands in, and the text to write behind `=`. */
export interface Assignment {
  readonly section: SectionPath;
  readonly key: string;
  readonly value: string;
}

/**
 * The settings as text for hue.ini, in the table's order.
 * @throws Failure `settings`, codes `bad-server-host`, `bad-server-port`, `bad-server-conn-timeout`, `bad-setting`
 */
export function assignments(settings: ImpalaSettings): Assignment[] {
  return SETTING_NAMES.flatMap((name) => {
    const value = settings[name];
    return value === undefined ? [] : [assignment(HUE_SETTINGS[name], value)];
  });
}

function assignment(row: AnySetting, value: string | number): Assignment {
  const { section, key, kind, refusal = "bad-setting" } = row;
  const reason = kind.fault(value);
  if (reason === undefined) return { section, key, value: String(value) };
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw hueFailure(refusal, { key, value: shown, reason, hint: kind.hint });
}
