import { AGENT_CONFIG, HAPROXY_FILE, SPEC_FILE, STATE_DIR, UNIT_DIRS } from "../../../domain/well-known.ts";
import type { OptionRow } from "../option.ts";
import { CONTROLLING_BALANCER, MAKING_BALANCER } from "./commands.ts";

const [UNIT_DIR] = UNIT_DIRS;

/** Where files are read and written. */
export const PLACES_OPTIONS = {
  spec: {
    flag: "--spec",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "places",
    commands: [...MAKING_BALANCER, "balancer check", ...CONTROLLING_BALANCER, "doctor", "sync"],
    path: "places.spec",
    default: SPEC_FILE,
    help: { en: "specification of the bundled balancer", ja: "付属ロードバランサーの仕様ファイル" },
  },
  haproxyConfig: {
    flag: "--haproxy-config",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "places",
    commands: ["setup", "haproxy check", "doctor", "sync", "config show"],
    path: "places.haproxyConfig",
    default: HAPROXY_FILE,
    help: { en: "HAProxy configuration to write", ja: "書き出す HAProxy の設定ファイル" },
  },
  agentConfig: {
    flag: "--agent-config",
    placeholder: "FILE",
    type: { kind: "path" },
    group: "places",
    commands: ["setup", "config show"],
    path: "places.agentConfig",
    default: AGENT_CONFIG,
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
    commands: ["setup", "config show"],
    path: "places.unitDir",
    default: UNIT_DIR,
    help: { en: "folder of the systemd unit", ja: "systemd ユニットのフォルダー" },
  },
  stateDir: {
    flag: "--state-dir",
    placeholder: "DIR",
    type: { kind: "path" },
    group: "places",
    commands: ["setup", "doctor", "undo", "sync", "config show"],
    path: "places.stateDir",
    default: STATE_DIR,
    help: { en: "folder of the journal (undo) and the lock", ja: "ジャーナル (undo) とロックのフォルダー" },
  },
} as const satisfies Record<string, OptionRow>;
