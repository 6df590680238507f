import { warningRow, warningsOf } from "../../domain/catalogue.ts";

/** Settings of Hue beside those that are set here, which make them moot or go past the balancer. */
export const HUE_ELSEWHERE_WARNINGS = {
  "impala-blacklisted": warningRow<{ place: string }>({
    message: ({ place }) => ({
      en: `${place}: [desktop] app_blacklist names impala, so that Hue does not load it and offers no Impala editor; take it out there`,
      ja: `${place}: [desktop] app_blacklist に impala があるため、Hue は Impala を読み込まず、Impala エディターも表示しません。そこから削除してください`,
    }),
    example: { place: "hue.ini:2" },
  }),
  "interpreters-without-impala": warningRow<{ place: string; names: readonly string[] }>({
    message: ({ place, names }) => ({
      en: `${place}: [notebook] [[interpreters]] lists ${names.join(", ")} and no impala, so that Hue offers no Impala editor; add [[[impala]]] with name=Impala and interface=hiveserver2`,
      ja: `${place}: [notebook] [[interpreters]] に ${names.join("、")} だけがあり impala がないため、Hue に Impala エディターが表示されません。name=Impala と interface=hiveserver2 を持つ [[[impala]]] を追加してください`,
    }),
    example: { place: "hue.ini:2", names: ["hive"] },
  }),
  "interpreter-bypasses": warningRow<{ place: string; name: string; through: string }>({
    message: ({ place, name, through }) => ({
      en: `${place}: the interpreter ${name} has interface=${through}: its queries go where its own options say, past the balancer and [impala]; set interface=hiveserver2, or point its options at the balancer`,
      ja: `${place}: インタープリター ${name} は interface=${through} のため、クエリはそのオプションの接続先に送られ、ロードバランサーと [impala] を経由しません。interface=hiveserver2 にするか、オプションの接続先をロードバランサーにしてください`,
    }),
    example: { place: "hue.ini:5", name: "impala", through: "sqlalchemy" },
  }),
  "coordinator-url": warningRow<{ place: string; url: string }>({
    message: ({ place, url }) => ({
      en: `${place}: [impala] coordinator_url is ${url}: Hue looks for running queries and their profiles only there, not at the Impalad that the balancer chose; remove it`,
      ja: `${place}: [impala] coordinator_url が ${url} のため、Hue は実行中のクエリとプロファイルをそこだけで探し、ロードバランサーが選んだ Impalad では探しません。削除してください`,
    }),
    example: { place: "hue.ini:12", url: "http://node7.example.com:25000" },
  }),
  "proxy-endpoint": warningRow<{ place: string; endpoint: string }>({
    message: ({ place, endpoint }) => ({
      en: `${place}: with use_thrift_http and proxy_endpoint ${endpoint} Hue sends HTTP to server_host and server_port: a proxy such as Knox, or the HTTP ports of Impalads (28000), must be there, not the balancer of their HiveServer2 ports`,
      ja: `${place}: use_thrift_http と proxy_endpoint ${endpoint} により、Hue は server_host と server_port に HTTP で接続します。接続先は HiveServer2 ポートのロードバランサーではなく、Knox などのプロキシか Impalad の HTTP ポート (28000) でなければなりません`,
    }),
    example: { place: "hue.ini:13", endpoint: "/gateway/cdp-proxy-api/impala" },
  }),
} as const;

export const hueWarning = warningsOf(HUE_ELSEWHERE_WARNINGS);
