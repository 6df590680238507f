import { CONN_TIMEOUT, HUE_INIS, HUE_UNIT } from "../../../domain/well-known.ts";
import type { OptionRow } from "../option.ts";
import { CONCERNING_HUE } from "./commands.ts";

const [TUTORIAL_PLACE, PACKAGES_PLACE] = HUE_INIS;

/** What Hue gets, and where it is set. */
export const HUE_OPTIONS = {
  target: {
    flag: "--target",
    placeholder: "TARGET",
    type: {
      kind: "choice",
      choices: {
        "hue-ini": { en: "in hue.ini on this host", ja: "このホストの hue.ini" },
        "cloudera-manager": {
          en: "in Cloudera Manager (Hue's safety valve)",
          ja: "Cloudera Manager (Hue の安全バルブ)",
        },
      },
    },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "target",
    default: {
      concluded: {
        en: "cloudera-manager if --cm-url is given and --hue-ini is not, else hue-ini",
        ja: "--cm-url があり --hue-ini がなければ cloudera-manager、それ以外は hue-ini",
      },
    },
    help: {
      en: "where Hue's [impala] section is set: hue-ini or cloudera-manager",
      ja: "Hue の [impala] をどこで設定するか: hue-ini または cloudera-manager",
    },
    question: {
      prompt: { en: "Where is Hue configured?", ja: "Hue の設定はどこにありますか?" },
      stage: "login",
      order: 1,
    },
  },
  hueIni: {
    flag: "--hue-ini",
    placeholder: "PATH",
    type: { kind: "path" },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "hue.ini",
    default: {
      concluded: {
        en: `${TUTORIAL_PLACE}, else ${PACKAGES_PLACE}`,
        ja: `${TUTORIAL_PLACE}、なければ ${PACKAGES_PLACE}`,
      },
    },
    help: { en: "the hue.ini to edit", ja: "編集する hue.ini" },
    question: {
      prompt: { en: "Which hue.ini does Hue read?", ja: "Hue が読む hue.ini はどれですか?" },
      stage: "login",
      order: 2,
      when: ({ target }) => target === "hue-ini",
    },
  },
  serverHost: {
    flag: "--server-host",
    placeholder: "HOST",
    type: { kind: "host" },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "hue.serverHost",
    default: {
      concluded: {
        en: "the balancer's address as Hue sees it",
        ja: "Hue から見たロードバランサーのアドレス",
      },
    },
    help: {
      en: "[impala] server_host: the balancer's host",
      ja: "[impala] server_host: ロードバランサーのホスト",
    },
    question: {
      prompt: {
        en: "Under which name does Hue reach the balancer (server_host)?",
        ja: "Hue から見たロードバランサーのホスト名は (server_host)?",
      },
      stage: "wishes",
      order: 4,
    },
  },
  serverPort: {
    flag: "--server-port",
    placeholder: "PORT",
    type: { kind: "port" },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "hue.serverPort",
    default: {
      concluded: { en: "the port of --listen", ja: "--listen のポート" },
    },
    help: {
      en: "[impala] server_port: the balancer's port",
      ja: "[impala] server_port: ロードバランサーのポート",
    },
    question: {
      prompt: {
        en: "Which port does Hue connect to (server_port)?",
        ja: "Hue が接続するポートは (server_port)?",
      },
      stage: "wishes",
      order: 5,
      when: ({ balancer }) => balancer === "external",
    },
  },
  impalaPrincipal: {
    flag: "--impala-principal",
    placeholder: "NAME",
    type: { kind: "text" },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "hue.impalaPrincipal",
    default: {
      concluded: {
        en: "with --kerberos-keytab, the name in it of this host; else as it is",
        ja: "--kerberos-keytab があればその中のこのホストの名前、なければ変更しない",
      },
    },
    help: {
      en: "[impala] impala_principal: whose first part Hue asks a ticket for",
      ja: "[impala] impala_principal: Hue はその最初の部分の名前でチケットを要求する",
    },
  },
  serverConnTimeout: {
    flag: "--server-conn-timeout",
    placeholder: "SECONDS",
    type: { kind: "seconds" },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "hue.serverConnTimeout",
    default: CONN_TIMEOUT,
    help: {
      en: "[impala] server_conn_timeout: seconds Hue waits for one call",
      ja: "[impala] server_conn_timeout: Hue が 1 回の呼び出しを待つ秒数",
    },
    question: {
      prompt: {
        en: "How many seconds may one call of Hue take (server_conn_timeout)?",
        ja: "Hue の 1 回の呼び出しは最大何秒ですか (server_conn_timeout)?",
      },
      stage: "wishes",
      order: 6,
    },
  },
  restartHue: {
    flag: "--restart-hue",
    type: { kind: "flag" },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "hue.restart",
    help: {
      en: "restart Hue when what it reads has changed",
      ja: "Hue の読む設定が変わったら Hue を再起動する",
    },
  },
  hueUnit: {
    flag: "--hue-unit",
    placeholder: "UNIT",
    type: { kind: "text" },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "hue.unit",
    default: HUE_UNIT,
    help: {
      en: "systemd unit of Hue, for --restart-hue with hue.ini",
      ja: "Hue の systemd ユニット (hue.ini で --restart-hue を使うとき)",
    },
  },
  force: {
    flag: "--force",
    type: { kind: "flag" },
    group: "hue",
    commands: CONCERNING_HUE,
    help: {
      en: "edit hue.ini although Cloudera Manager generates what Hue reads",
      ja: "Cloudera Manager が管理するホストでも hue.ini を編集する",
    },
  },
  allowInvalidUtf8: {
    flag: "--allow-invalid-utf8",
    type: { kind: "flag" },
    group: "hue",
    commands: CONCERNING_HUE,
    path: "hue.allowInvalidUtf8",
    help: {
      en: "accept a hue.ini that is not UTF-8 (only a Hue on Python 2 reads it)",
      ja: "UTF-8 でない hue.ini を認める (Python 2 の Hue だけが読める)",
    },
  },
} as const satisfies Record<string, OptionRow>;
