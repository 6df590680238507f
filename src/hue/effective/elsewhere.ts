import type { Warning } from "../../domain/warning.ts";
import { hueWarning } from "../../messages/warnings/hue-elsewhere.ts";
import type { SectionNode } from "../configobj/document.ts";
import { sectionAt } from "../configobj/find.ts";
import { isOn } from "./booleans.ts";
import type { Located, ParsedFile } from "./conf-file.ts";
import type { LookUp } from "./merge.ts";

type Setting = Located<string | string[]>;

/** Where Hue's editor finds its dialects (desktop/libs/notebook conf.py). */
const INTERPRETERS = ["notebook", "interpreters"] as const;

/**
 * Settings outside of what is set here that make it moot, or that go past the balancer.
 * @param partial Hue reads another file before these, which Cloudera Manager makes: what is missing may be there
 */
export function elsewhereWarnings(files: readonly ParsedFile[], lookUp: LookUp, partial: boolean): Warning[] {
  return [
    ...blacklisted(lookUp(["desktop"], "app_blacklist")),
    ...interpreters(files, lookUp, partial),
    ...coordinatorUrl(lookUp(["impala"], "coordinator_url")),
    ...proxyEndpoint(lookUp(["impala"], "use_thrift_http"), lookUp(["impala"], "proxy_endpoint")),
  ];
}

/** Hue reads it as a list, with commas or without (`coerce_csv`). */
function blacklisted(setting: Setting | undefined): Warning[] {
  const apps = [setting?.value ?? []].flat().flatMap((text) => text.split(","));
  if (setting === undefined || !apps.some((app) => app.trim() === "impala")) return [];
  return [hueWarning("impala-blacklisted", { place: at(setting) })];
}

function interpreters(files: readonly ParsedFile[], lookUp: LookUp, partial: boolean): Warning[] {
  const sections = files.flatMap(({ path, document }) => {
    const parent = sectionAt(document, INTERPRETERS);
    const inside = document.sections.filter((one) => parent !== undefined && one.parent === parent);
    return inside.map((section) => ({ path, section }));
  });
  const names = [...new Set(sections.map(({ section }) => section.name))];
  const impala = names.filter((name) => dialectOf(name, lookUp) === "impala");
  const [first] = sections;
  if (first !== undefined && impala.length === 0) {
    if (partial) return [];
    const place = lineOf(first.path, first.section.parent ?? first.section);
    return [hueWarning("interpreters-without-impala", { place, names })];
  }
  return impala.flatMap((name): Warning[] => {
    const found = lookUp([...INTERPRETERS, name], "interface");
    if (found === undefined || found.value === "hiveserver2") return [];
    return [hueWarning("interpreter-bypasses", { place: at(found), name, through: String(found.value) })];
  });
}

/** An interpreter is of the dialect that it names, else of the one that it is named after. */
function dialectOf(name: string, lookUp: LookUp): string {
  const dialect = lookUp([...INTERPRETERS, name], "dialect")?.value;
  return typeof dialect === "string" && dialect !== "" ? dialect : name;
}

function coordinatorUrl(setting: Setting | undefined): Warning[] {
  if (setting === undefined || setting.value === "") return [];
  return [hueWarning("coordinator-url", { place: at(setting), url: String(setting.value) })];
}

/** Without `use_thrift_http` it means nothing; without it, another warning tells that the port is ignored. */
function proxyEndpoint(http: Setting | undefined, endpoint: Setting | undefined): Warning[] {
  if (!isOn(http?.value) || endpoint === undefined || endpoint.value === "") return [];
  return [hueWarning("proxy-endpoint", { place: at(endpoint), endpoint: String(endpoint.value) })];
}

function at({ path, line }: Setting): string {
  return `${path}:${line}`;
}

function lineOf(path: string, section: SectionNode): string {
  return `${path}:${section.line + 1}`;
}
