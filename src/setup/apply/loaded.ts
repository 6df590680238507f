import type { CmReader } from "../../cloudera/client/client.ts";
import { runningConfigFiles } from "../../cloudera/restart/running-config.ts";
import { joinTexts, sameText, type Text } from "../../domain/text.ts";
import { effectiveImpala } from "../../hue/effective.ts";
import { type AnySetting, HUE_SETTINGS, SETTING_NAMES } from "../../hue/settings.ts";

/** What one running Hue server has really loaded. */
export interface LoadedSettings {
  readonly role: string;
  readonly host: string;
  /** Values as Hue reads them; absent: not set, Hue's default applies. */
  readonly settings: ReturnType<typeof effectiveImpala>["settings"];
}

/** The `[impala]` keys in the generated files of the running Hue servers; nothing else of these files is kept. */
export async function loadedSettings(
  client: CmReader,
  cluster: string,
  hueService: string,
): Promise<LoadedSettings[]> {
  const running = await runningConfigFiles(client, cluster, hueService);
  return running.map(({ role, host, files }) => ({ role, host, settings: effectiveImpala(files).settings }));
}

/**
 * For people: `Hue on server1 loaded server_host=lb, server_port=10001, server_conn_timeout=3600`. Optional settings
 * are told of only where they are set.
 */
export function describeLoaded({ role, host, settings }: LoadedSettings): Text {
  const values = SETTING_NAMES.flatMap((name): Text[] => {
    const row: AnySetting = HUE_SETTINGS[name];
    const found = settings[name];
    if (found !== undefined) return [sameText(`${row.key}=${found.value}`)];
    return row.unset === undefined ? [] : [{ en: `${row.key}=(default)`, ja: `${row.key}=(既定値)` }];
  });
  const { en, ja } = joinTexts(values, ", ");
  return { en: `Hue on ${host || role} loaded ${en}`, ja: `${host || role} の Hue が読み込んだ設定: ${ja}` };
}
