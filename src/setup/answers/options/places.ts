import type { OptionRow } from "../option.ts";

/** Where files are read and written. */
export const PLACES_OPTIONS = {
  spec: {
    flag: "--spec",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "places",
    path: "places.spec",
    defaultText: "/etc/hue-impala-setup/balancer.json",
    help: { en: "specification of the bundled balancer", ja: "付属ロードバランサーの仕様ファイル" },
  },
  haproxyConfig: {
    flag: "--haproxy-config",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "places",
    path: "places.haproxyConfig",
    defaultText: "/etc/impala/haproxy-impala.conf",
    help: { en: "HAProxy configuration to write", ja: "書き出す HAProxy の設定ファイル" },
  },
  agentConfig: {
    flag: "--agent-config",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "places",
    path: "places.agentConfig",
    defaultText: "/etc/cloudera-scm-agent/config.ini",
    help: {
      en: "configuration of the Cloudera Manager agent, which names the server",
      ja: "Cloudera Manager エージェントの設定 (サーバー名が書かれている)",
    },
  },
  unitDir: {
    flag: "--unit-dir",
    placeholder: "DIR",
    type: { kind: "path" },
    group: "places",
    path: "places.unitDir",
    defaultText: "/etc/systemd/system",
    help: { en: "folder of the systemd unit", ja: "systemd ユニットのフォルダー" },
  },
  stateDir: {
    flag: "--state-dir",
    placeholder: "DIR",
    type: { kind: "path" },
    group: "places",
    path: "places.stateDir",
    defaultText: "/var/lib/hue-impala-setup",
    help: { en: "folder of the journal (undo) and the lock", ja: "ジャーナル (undo) とロックのフォルダー" },
  },
} as const satisfies Record<string, OptionRow>;
