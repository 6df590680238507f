import type { OptionRow } from "../option.ts";

/** The balancer between Hue and the Impalads. */
export const BALANCER_OPTIONS = {
  impalads: {
    flag: "--impalad",
    placeholder: "HOST[:PORT]",
    type: { kind: "endpoints", defaultPort: 21050 },
    group: "balancer",
    path: "balancer.impalads",
    defaultText: {
      en: "the eligible ones that Cloudera Manager names",
      ja: "Cloudera Manager が知る使用可能なもの",
    },
    help: { en: "an Impalad; repeatable", ja: "Impalad。繰り返し指定できる" },
    prompt: { en: "Which Impalads?", ja: "どの Impalad を使いますか?" },
  },
  balancer: {
    flag: "--balancer",
    placeholder: "KIND",
    type: { kind: "choice", choices: ["embedded", "haproxy", "external"] },
    group: "balancer",
    path: "balancer.kind",
    defaultText: "embedded",
    help: {
      en: "embedded, haproxy, or external (one that exists at --server-host/--server-port)",
      ja: "embedded (付属)、haproxy、external (--server-host/--server-port に既にあるもの)",
    },
    prompt: { en: "Which balancer?", ja: "どのロードバランサーを使いますか?" },
  },
  listen: {
    flag: "--listen",
    placeholder: "ADDRESS:PORT",
    type: { kind: "endpoint" },
    group: "balancer",
    path: "balancer.listen",
    defaultText: {
      en: "0.0.0.0:10001, or 127.0.0.1:10001 if Hue runs on this host",
      ja: "0.0.0.0:10001 (Hue がこのホストで動くときは 127.0.0.1:10001)",
    },
    help: { en: "where the balancer listens", ja: "ロードバランサーの待ち受けアドレス" },
    prompt: { en: "Where shall the balancer listen?", ja: "ロードバランサーはどのアドレスで待ち受けますか?" },
  },
  balance: {
    flag: "--balance",
    placeholder: "ALGORITHM",
    type: { kind: "choice", choices: ["session", "source", "leastconn", "roundrobin", "first"] },
    group: "balancer",
    path: "balancer.balance",
    defaultText: "session (embedded), source (haproxy)",
    help: {
      en: "how work is spread: session, source, leastconn, roundrobin, first",
      ja: "分散の方法: session, source, leastconn, roundrobin, first",
    },
  },
  allow: {
    flag: "--allow",
    placeholder: "CIDR",
    type: { kind: "networks" },
    group: "balancer",
    path: "balancer.allow",
    defaultText: { en: "everyone who reaches the address", ja: "アドレスに到達できるすべて" },
    help: {
      en: "network that may connect to the balancer; repeatable",
      ja: "接続を許すネットワーク。繰り返し指定できる",
    },
  },
  adminListen: {
    flag: "--admin-listen",
    placeholder: "ADDRESS:PORT",
    type: { kind: "endpoint" },
    group: "balancer",
    path: "balancer.adminListen",
    defaultText: "127.0.0.1:10002",
    help: { en: "status page and metrics of the balancer", ja: "ロードバランサーの状態ページとメトリクス" },
  },
} as const satisfies Record<string, OptionRow>;
