import type { Warning } from "../../domain/warning.ts";
import type { Located } from "./conf-file.ts";

type Setting = Located<string | string[]>;

/** Gives a key of a top section as it is after the merge. */
type LookUp = (section: string, key: string) => Setting | undefined;

/** What the merged settings mean for Hue: values it cannot use, and options that make them moot. */
export function settingWarnings(lookUp: LookUp): Warning[] {
  return [
    ...listOfHosts(lookUp("impala", "server_host")),
    ...badNumber("server_port", lookUp("impala", "server_port"), 1, 65_535),
    ...badNumber("server_conn_timeout", lookUp("impala", "server_conn_timeout"), 1, Number.MAX_SAFE_INTEGER),
    ...connectors(lookUp("desktop", "enable_connectors")),
    ...thriftHttp(lookUp("impala", "use_thrift_http"), lookUp("impala", "proxy_endpoint")),
  ];
}

function listOfHosts(host: Setting | undefined): Warning[] {
  if (host === undefined || typeof host.value === "string") return [];
  const asPython = `[${host.value.map((item) => `'${item}'`).join(", ")}]`;
  const message = `${at(host)}: server_host holds a comma, so that Hue connects to a host called "${asPython}"; Hue knows one host only`;
  return [{ code: "server-host-list", message }];
}

/** Python's `int()` takes blanks around the number, a sign, and single underscores between digits. */
function badNumber(key: string, setting: Setting | undefined, least: number, most: number): Warning[] {
  if (setting === undefined) return [];
  const text = typeof setting.value === "string" ? setting.value.trim() : "";
  const number = /^[+-]?[0-9]+(?:_[0-9]+)*$/.test(text) ? Number(text.replaceAll("_", "")) : Number.NaN;
  if (number >= least && number <= most) return [];
  const message = `${at(setting)}: ${key} is ${JSON.stringify(setting.value)}, which Hue cannot use: it needs a whole number from ${least}${most === 65_535 ? " to 65535" : " up"}`;
  return [{ code: "bad-number", message }];
}

function connectors(setting: Setting | undefined): Warning[] {
  if (!isOn(setting)) return [];
  const message = `${at(setting)}: [desktop] enable_connectors is on, so that Hue takes host and port from its connectors and ignores [impala]`;
  return [{ code: "enable-connectors", message }];
}

function thriftHttp(http: Setting | undefined, endpoint: Setting | undefined): Warning[] {
  if (!isOn(http) || (endpoint !== undefined && endpoint.value !== "")) return [];
  const message = `${at(http)}: use_thrift_http is on without proxy_endpoint, so that Hue ignores server_port and takes the HTTP port of the impalad flags (28000 by default)`;
  return [{ code: "server-port-ignored", message }];
}

/** As Hue's `coerce_bool`. */
function isOn(setting: Setting | undefined): setting is Setting {
  const value = setting?.value;
  return typeof value === "string" && ["TRUE", "1", "YES", "ON", "YEA"].includes(value.toUpperCase());
}

function at({ path, line }: Setting): string {
  return `${path}:${line}`;
}
