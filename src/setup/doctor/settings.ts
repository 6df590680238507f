import type { Endpoint } from "../../domain/endpoint.ts";
import type { Finding } from "../../domain/finding.ts";
import type { EffectiveImpala, FoundSetting } from "../../hue/effective.ts";
import { type AnySetting, HUE_SETTINGS, SETTING_NAMES, settingsLabel } from "../../hue/settings.ts";
import { hueFinding } from "../../messages/findings/hue.ts";
import { fromWarning } from "./told.ts";

/** Judges what Hue reads, from files or safety valves. Pure. */
export function examineSettings(effect: EffectiveImpala): Finding[] {
  return [
    ...effect.broken.map(({ path, line, message }) =>
      hueFinding("hue-does-not-start", { place: `${path}:${line}`, reason: message }),
    ),
    ...SETTING_NAMES.flatMap((name) =>
      judge(HUE_SETTINGS[name], settingsLabel([name]), effect.settings[name]),
    ),
    ...effect.warnings.map(fromWarning),
  ];
}

/** One setting as the table judges it: not set, badly set, or all right. */
function judge(row: AnySetting, label: string, found: FoundSetting | undefined): Finding[] {
  const { key, unset, poor, hueDefault } = row;
  if (found === undefined) {
    if (unset === undefined) return [];
    const { consequence, remedy } = unset.advice(hueDefault);
    return [hueFinding("setting-unset", { key, label, status: unset.status, consequence, remedy })];
  }
  const values = { key, value: String(found.value), place: `${found.path}:${found.line}` };
  if (poor?.when(values.value) !== true) return [hueFinding("setting-set", values)];
  return [hueFinding("setting-poor", { ...values, consequence: poor.consequence, remedy: poor.remedy })];
}

/** The address that Hue connects to; undefined if what is set is no address. */
export function hueEndpoint({ settings }: EffectiveImpala): Endpoint | undefined {
  const host = settings.serverHost?.value ?? HUE_SETTINGS.serverHost.hueDefault;
  const port = Number(settings.serverPort?.value ?? HUE_SETTINGS.serverPort.hueDefault);
  if (typeof host !== "string" || HUE_SETTINGS.serverHost.kind.fault(host) !== undefined) return undefined;
  if (HUE_SETTINGS.serverPort.kind.fault(port) !== undefined) return undefined;
  return { host, port };
}
