import { warningRow, warningsOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

/** What in Hue's configuration makes a setting moot or makes Hue fail. `place` is `file:line`. */
export const HUE_WARNINGS = {
  "stray-ini": warningRow<{ path: string }>({
    message: ({ path }) => ({
      en: `${path} looks like a backup, but Hue reads every *.ini in its folder: give it a name that ends otherwise`,
      ja: `${path} はバックアップのようですが、Hue はフォルダー内の *.ini をすべて読みます。末尾が .ini でない名前に変えてください`,
    }),
    example: { path: "/etc/hue/conf/hue.old.ini" },
  }),
  "key-outside-section": warningRow<{ place: string; key: string; section: string }>({
    message: ({ place, key, section }) => ({
      en: `${place}: ${key} stands above any section and has no effect; it belongs below ${section}`,
      ja: `${place}: ${key} はどのセクションにも入っていないため無効です。${section} の下に置いてください`,
    }),
    example: { place: "hue_safety_valve.ini:1", key: "server_host", section: "[impala]" },
  }),
  "key-in-other-section": warningRow<{ place: string; key: string; found: string; section: string }>({
    message: ({ place, key, found, section }) => ({
      en: `${place}: ${key} stands in ${found}, not in ${section}, and has no effect`,
      ja: `${place}: ${key} は ${section} ではなく ${found} にあるため無効です`,
    }),
    example: { place: "hue.ini:7", key: "server_port", found: "[[ssl]]", section: "[impala]" },
  }),
  "impala-is-a-value": warningRow<{ place: string; name: string; header: string }>({
    message: ({ place, name, header }) => ({
      en: `${place}: ${name} has a value here, so that Hue finds no section ${header}`,
      ja: `${place}: ${name} に値が設定されているため、Hue はセクション ${header} を認識しません`,
    }),
    example: { place: "hue.ini:2", name: "impala", header: "[impala]" },
  }),
  "hue-before-3.6": warningRow<{ what: Text }>({
    message: ({ what }) => ({
      en: `${what.en} ignores server_conn_timeout in [impala] and takes the one of [beeswax]`,
      ja: `${what.ja} は [impala] の server_conn_timeout を無視し、[beeswax] の値を使います`,
    }),
    example: { what: { en: "Hue 3.5 (/usr/lib/hue/VERSION)", ja: "Hue 3.5 (/usr/lib/hue/VERSION)" } },
  }),
  "set-in-several-files": warningRow<{ key: string; value: string; winner: string; losers: string }>({
    message: ({ key, value, winner, losers }) => ({
      en: `${key} is set in several files: Hue uses ${value} of ${winner}, not ${losers}`,
      ja: `${key} が複数のファイルで設定されています。Hue は ${winner} の ${value} を使い、${losers} は使いません`,
    }),
    example: { key: "server_host", value: '"lb"', winner: "z.ini:2", losers: "hue.ini:812" },
  }),
  interpolation: warningRow<{ path: string; key: string; name: string }>({
    message: ({ path, key, name }) => ({
      en: `${path}: ${key} refers to %(${name})s, which cannot be replaced; Hue reads it while it merges its files and will not start`,
      ja: `${path}: ${key} が参照する %(${name})s は置き換えられません。Hue はファイルの統合時にこれを読むため起動しません`,
    }),
    example: { path: "hue.ini", key: "server_host", name: "host" },
  }),
  "server-host-list": warningRow<{ place: string; key: string; asPython: string }>({
    message: ({ place, key, asPython }) => ({
      en: `${place}: ${key} holds a comma, so that Hue connects to a host called "${asPython}"; Hue knows one host only`,
      ja: `${place}: ${key} がコンマを含むため、Hue は "${asPython}" という名前のホストに接続します。Hue に設定できるホストは 1 つだけです`,
    }),
    example: { place: "hue.ini:9", key: "server_host", asPython: "['h1', 'h2']" },
  }),
  "bad-host": warningRow<{ place: string; key: string; value: string; why: Text; remedy: Text }>({
    message: ({ place, key, value, why, remedy }) => ({
      en: `${place}: ${key} is "${value}", which Hue cannot use: it ${why.en}; ${remedy.en}`,
      ja: `${place}: ${key} の値 "${value}" を Hue は使えません。値${why.ja}。${remedy.ja}`,
    }),
    example: {
      place: "hue.ini:9",
      key: "server_host",
      value: "lb.example.com:21050",
      why: { en: "holds a port", ja: "はポートを含みます" },
      remedy: { en: "write lb.example.com alone", ja: "lb.example.com とだけ書いてください" },
    },
  }),
  "bad-number": warningRow<{ place: string; key: string; value: string; range: Text }>({
    message: ({ place, key, value, range }) => ({
      en: `${place}: ${key} is ${value}, which Hue cannot use: it needs a whole number ${range.en}`,
      ja: `${place}: ${key} の値 ${value} を Hue は使えません。${range.ja}が必要です`,
    }),
    example: {
      place: "hue.ini:10",
      key: "server_port",
      value: '"x"',
      range: { en: "from 1 to 65535", ja: "1 から 65535 までの整数" },
    },
  }),
  "enable-connectors": warningRow<{ place: string }>({
    message: ({ place }) => ({
      en: `${place}: [desktop] enable_connectors is on, so that Hue takes host and port from its connectors and ignores [impala]`,
      ja: `${place}: [desktop] enable_connectors が有効なため、Hue はホストとポートをコネクターから取得し、[impala] を無視します`,
    }),
    example: { place: "hue.ini:40" },
  }),
  "server-port-ignored": warningRow<{ place: string; key: string }>({
    message: ({ place, key }) => ({
      en: `${place}: use_thrift_http is on without proxy_endpoint, so that Hue ignores ${key} and takes the HTTP port of the impalad flags (28000 by default)`,
      ja: `${place}: use_thrift_http が有効で proxy_endpoint がないため、Hue は ${key} を無視し、impalad フラグの HTTP ポート (既定値 28000) を使います`,
    }),
    example: { place: "hue.ini:12", key: "server_port" },
  }),
} as const;

export const hueWarning = warningsOf(HUE_WARNINGS);
