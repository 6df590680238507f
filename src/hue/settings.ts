import type { Text } from "../domain/text.ts";
import { CONN_TIMEOUT, HIVESERVER2_PORT } from "../domain/well-known.ts";
import {
  HOST,
  LONGEST_TIMEOUT,
  PORT,
  PRINCIPAL,
  pythonInt,
  seconds,
  type ValueKind,
} from "./settings/kinds.ts";

/** Names of sections from the top: `["impala", "ssl"]` is `[impala] [[ssl]]`. */
export type SectionPath = readonly [string, ...string[]];

/** What a value means for people, and what to do about it. */
interface Advice {
  readonly consequence: Text;
  readonly remedy: Text;
}

/** One setting of Hue that this program can set: all that the editor, the plan, the proof and the doctor know of it. */
export interface SettingRow<V> {
  readonly section: SectionPath;
  readonly key: string;
  readonly kind: ValueKind<V>;
  /** Code of the failure for a value that cannot be written; newer settings share one. */
  readonly refusal?: "bad-server-host" | "bad-server-port" | "bad-server-conn-timeout";
  /** What Hue takes where nothing is set (apps/impala/src/impala/conf.py). */
  readonly hueDefault: V;
  /**
   * What the doctor says where nothing is set. Without it the setting is optional: it is told of only where it is set.
   */
  readonly unset?: { readonly status: "warning" | "problem"; advice(hueDefault: V): Advice };
  /**
   * Whether a value that stands there serves as well as the default: then the default does not replace it. Without it a
   * default always does.
   */
  atLeast?(found: string, byDefault: V): boolean;
  /** What the doctor says of a value that Hue can use and that serves it badly. */
  readonly poor?: Advice & { when(value: string): boolean };
}

const SET_UP: Text = { en: "run hue-impala-setup", ja: "hue-impala-setup を実行してください" };

const LONGER_TIMEOUT: Text = {
  en: `set it to ${CONN_TIMEOUT} with hue-impala-setup`,
  ja: `hue-impala-setup で ${CONN_TIMEOUT} に設定してください`,
};

/** A query that runs longer than this many seconds fails in Hue. */
const SHORT_TIMEOUT = 600;

/**
 * The table of Hue's settings, in the order in which Hue's own template has them. A row's name is the name of its
 * option. Everything that reads, writes, proves or judges settings goes through this table.
 */
export const HUE_SETTINGS = {
  /** Name or address of the balancer as Hue reaches it; IPv6 without brackets. One host: Hue knows no list. */
  serverHost: setting({
    section: ["impala"],
    key: "server_host",
    kind: HOST,
    refusal: "bad-server-host",
    hueDefault: "localhost",
    unset: {
      status: "problem",
      advice: (host) => ({
        consequence: { en: `Hue connects to ${host}`, ja: `Hue は ${host} に接続します` },
        remedy: SET_UP,
      }),
    },
  }),
  /** TCP port, 1–65535. */
  serverPort: setting({
    section: ["impala"],
    key: "server_port",
    kind: PORT,
    refusal: "bad-server-port",
    hueDefault: HIVESERVER2_PORT,
    unset: {
      status: "warning",
      advice: (port) => ({
        consequence: { en: `Hue uses ${port}`, ja: `Hue は ${port} を使います` },
        remedy: SET_UP,
      }),
    },
  }),
  /**
   * Whose first part is that of the name that Hue asks a Kerberos ticket for; the second part of that name is
   * `server_host`. Hue's default is `impala/` and the full name of its host.
   */
  impalaPrincipal: setting({
    section: ["impala"],
    key: "impala_principal",
    kind: PRINCIPAL,
    hueDefault: "impala",
  }),
  /** Seconds a Thrift call may take (and the longest wait for a pooled connection), at least 1. */
  serverConnTimeout: setting({
    section: ["impala"],
    key: "server_conn_timeout",
    kind: seconds({
      en: "would make Hue fail at once whenever all its pooled connections are busy",
      ja: "にすると、プールの接続がすべて使用中のとき Hue はすぐに失敗します",
    }),
    refusal: "bad-server-conn-timeout",
    hueDefault: 120,
    atLeast: (found, byDefault) => pythonInt(found) >= byDefault && pythonInt(found) <= LONGEST_TIMEOUT,
    unset: {
      status: "warning",
      advice: (timeout) => ({
        consequence: {
          en: `Hue gives up after ${timeout} s`,
          ja: `Hue は ${timeout} 秒で呼び出しを打ち切ります`,
        },
        remedy: LONGER_TIMEOUT,
      }),
    },
    poor: {
      when: (text) => !(Number.isInteger(Number(text)) && Number(text) >= SHORT_TIMEOUT),
      consequence: { en: "longer calls fail", ja: "これより長い呼び出しは失敗します" },
      remedy: LONGER_TIMEOUT,
    },
  }),
} as const;

export type SettingName = keyof typeof HUE_SETTINGS;

type ValueOf<R> = R extends SettingRow<infer V> ? V : never;

/** What Hue is to be given; a setting left out stays as it is. */
export type ImpalaSettings = { readonly [N in SettingName]?: ValueOf<(typeof HUE_SETTINGS)[N]> };

/** What a run sets: Hue must know where the balancer is. */
export type WantedSettings = ImpalaSettings & Required<Pick<ImpalaSettings, "serverHost" | "serverPort">>;

/** Rows of any values, for code that goes through the whole table. */
// biome-ignore lint/suspicious/noExplicitAny: each row has a value of its own
export type AnySetting = SettingRow<any>;

export type SettingTable = Readonly<Record<string, AnySetting>>;

export const SETTING_NAMES = Object.keys(HUE_SETTINGS) as SettingName[];

/** Infers the sort of value from the row's kind. */
function setting<V>(row: SettingRow<V>): SettingRow<V> {
  return row;
}

/** A header as it is written: `[impala]`, `[[ssl]]`. */
export function headerOf(name: string, depth: number): string {
  return "[".repeat(depth) + name + "]".repeat(depth);
}

/** A section as people write it: `[impala] [[ssl]]`. */
export function sectionLabel(section: readonly string[]): string {
  return section.map((name, at) => headerOf(name, at + 1)).join(" ");
}

/** Settings as people write them: `[impala] server_host, server_port`. */
export function settingsLabel(names: readonly SettingName[]): string {
  const keys = new Map<string, string[]>();
  for (const name of names) {
    const { section, key } = HUE_SETTINGS[name];
    const label = sectionLabel(section);
    keys.set(label, [...(keys.get(label) ?? []), key]);
  }
  return [...keys].map(([section, list]) => `${section} ${list.join(", ")}`).join("; ");
}
