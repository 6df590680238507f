import { BALANCE_MEANINGS, BALANCES } from "../../../balancer/algorithms/table.ts";
import { ADMIN_LISTEN, HIVESERVER2_PORT, LISTEN_PORT } from "../../../domain/well-known.ts";
import type { OptionRow } from "../option.ts";
import { MAKING_BALANCER } from "./commands.ts";
import type { Known } from "./question.ts";

/** True where the balancer is ours to set up. */
const isOurs = ({ balancer }: Known): boolean => balancer !== "external";

/** The balancer between Hue and the Impalads. */
export const BALANCER_OPTIONS = {
  impalads: {
    flag: "--impalad",
    placeholder: "HOST[:PORT]",
    type: { kind: "endpoint", defaultPort: HIVESERVER2_PORT },
    repeatable: true,
    group: "balancer",
    commands: MAKING_BALANCER,
    path: "balancer.impalads",
    default: {
      concluded: {
        en: "the eligible ones that Cloudera Manager names",
        ja: "Cloudera Manager が知る使用可能なもの",
      },
    },
    help: { en: "an Impalad; repeatable", ja: "Impalad。繰り返し指定できる" },
    question: {
      prompt: { en: "Which Impalads?", ja: "どの Impalad を使いますか?" },
      stage: "wishes",
      order: 2,
      when: isOurs,
    },
  },
  balancer: {
    flag: "--balancer",
    placeholder: "KIND",
    type: {
      kind: "choice",
      choices: {
        embedded: {
          en: "the bundled one: nothing to install, routes each query to the Impalad that owns its session",
          ja: "付属のもの: 追加のインストール不要。クエリをセッションの持ち主の Impalad に送る",
        },
        haproxy: {
          en: "HAProxy: one Impalad per Hue host (balance source)",
          ja: "HAProxy: Hue ホストごとに 1 つの Impalad (source)",
        },
        external: { en: "one that exists already", ja: "既にあるロードバランサー" },
      },
    },
    group: "balancer",
    commands: ["setup", "doctor", "sync", "config show"],
    path: "balancer.kind",
    default: "embedded",
    help: {
      en: "embedded, haproxy, or external (one that exists at --server-host/--server-port)",
      ja: "embedded (付属)、haproxy、external (--server-host/--server-port に既にあるもの)",
    },
    question: {
      prompt: { en: "Which balancer?", ja: "どのロードバランサーを使いますか?" },
      stage: "wishes",
      order: 1,
    },
  },
  haproxyVersion: {
    flag: "--haproxy-version",
    placeholder: "VERSION",
    type: { kind: "text" },
    group: "balancer",
    commands: ["setup", "haproxy print", "sync", "config show"],
    path: "balancer.haproxyVersion",
    default: {
      concluded: {
        en: "the installed one's; haproxy print: what 2.4 and later all read",
        ja: "インストールされているもの。haproxy print では 2.4 以降のすべてが読める形",
      },
    },
    help: {
      en: "HAProxy that will read the configuration, from 1.8 on (2.6, or as haproxy -v prints it)",
      ja: "設定を読む HAProxy のバージョン。1.8 以降 (2.6、または haproxy -v の表示のまま)",
    },
  },
  listen: {
    flag: "--listen",
    placeholder: "ADDRESS:PORT",
    type: { kind: "endpoint" },
    group: "balancer",
    commands: [...MAKING_BALANCER, "keepalived print"],
    path: "balancer.listen",
    default: {
      concluded: {
        en: `0.0.0.0:${LISTEN_PORT}, or 127.0.0.1:${LISTEN_PORT} if Hue runs on this host`,
        ja: `0.0.0.0:${LISTEN_PORT} (Hue がこのホストで動くときは 127.0.0.1:${LISTEN_PORT})`,
      },
    },
    help: { en: "where the balancer listens", ja: "ロードバランサーの待ち受けアドレス" },
    question: {
      prompt: {
        en: "Where shall the balancer listen?",
        ja: "ロードバランサーはどのアドレスで待ち受けますか?",
      },
      stage: "wishes",
      order: 3,
      when: isOurs,
    },
  },
  balance: {
    flag: "--balance",
    placeholder: "ALGORITHM",
    type: { kind: "choice", choices: BALANCE_MEANINGS },
    group: "balancer",
    commands: MAKING_BALANCER,
    path: "balancer.balance",
    default: {
      concluded: { en: "session (embedded), source (haproxy)", ja: "session (embedded), source (haproxy)" },
    },
    help: {
      en: `how work is spread: ${BALANCES.join(", ")}`,
      ja: `分散の方法: ${BALANCES.join(", ")}`,
    },
  },
  allow: {
    flag: "--allow",
    placeholder: "CIDR",
    type: { kind: "network" },
    repeatable: true,
    group: "balancer",
    commands: MAKING_BALANCER,
    path: "balancer.allow",
    default: {
      described: { en: "everyone who reaches the address", ja: "アドレスに到達できるすべて" },
    },
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
    commands: MAKING_BALANCER,
    path: "balancer.adminListen",
    default: ADMIN_LISTEN,
    help: { en: "status page and metrics of the balancer", ja: "ロードバランサーの状態ページとメトリクス" },
  },
} as const satisfies Record<string, OptionRow>;
