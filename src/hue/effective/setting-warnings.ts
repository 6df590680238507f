import type { Warning } from "../../domain/warning.ts";
import { hueWarning } from "../../messages/warnings/hue.ts";
import { HUE_SETTINGS, type SettingTable } from "../settings.ts";
import { isOn } from "./booleans.ts";
import type { Located } from "./conf-file.ts";
import type { LookUp } from "./merge.ts";

type Setting = Located<string | string[]>;

/** What the merged settings mean for Hue: values it cannot use, and options that make them moot. */
export function settingWarnings(lookUp: LookUp, table: SettingTable): Warning[] {
  return [
    ...Object.values(table).flatMap(({ section, key, kind }) => {
      const found = lookUp(section, key);
      return found === undefined ? [] : kind.judge(key, found);
    }),
    ...connectors(lookUp(["desktop"], "enable_connectors")),
    ...thriftHttp(lookUp(["impala"], "use_thrift_http"), lookUp(["impala"], "proxy_endpoint")),
  ];
}

function connectors(setting: Setting | undefined): Warning[] {
  if (setting === undefined || !isOn(setting.value)) return [];
  return [hueWarning("enable-connectors", { place: at(setting) })];
}

function thriftHttp(http: Setting | undefined, endpoint: Setting | undefined): Warning[] {
  if (http === undefined || !isOn(http.value)) return [];
  if (endpoint !== undefined && endpoint.value !== "") return [];
  return [hueWarning("server-port-ignored", { place: at(http), key: HUE_SETTINGS.serverPort.key })];
}

function at({ path, line }: Setting): string {
  return `${path}:${line}`;
}
