import type { OptionRow } from "../option.ts";
import { CONTROLLING_BALANCER } from "./commands.ts";

/** What all options of `keepalived print` have in common. */
const OF_KEEPALIVED = { group: "command", commands: ["keepalived print"] } as const;

/** What only one command, or one family of commands, takes. */
export const COMMAND_OPTIONS = {
  socket: {
    flag: "--socket",
    placeholder: "PATH",
    type: { kind: "path" },
    group: "command",
    commands: ["balancer run", ...CONTROLLING_BALANCER],
    help: { en: "control socket of the running balancer", ja: "動作中のロードバランサーの制御ソケット" },
  },
  logFormat: {
    flag: "--log-format",
    placeholder: "FORMAT",
    type: {
      kind: "choice",
      choices: {
        text: { en: "lines for people", ja: "人が読む行" },
        json: { en: "one JSON object a line", ja: "1 行に 1 つの JSON" },
      },
    },
    group: "command",
    commands: ["balancer run"],
    help: { en: "log lines as text or JSON", ja: "ログの形式: text または json" },
  },
  wait: {
    flag: "--wait",
    type: { kind: "flag" },
    group: "command",
    commands: ["balancer drain"],
    help: { en: "return when its last session has ended", ja: "最後のセッションが終わるまで待つ" },
  },
  interface: {
    flag: "--interface",
    placeholder: "NAME",
    type: { kind: "text" },
    ...OF_KEEPALIVED,
    help: {
      en: "network interface of the virtual address",
      ja: "仮想アドレスのネットワークインターフェース",
    },
  },
  virtualIp: {
    flag: "--virtual-ip",
    placeholder: "ADDRESS/BITS",
    type: { kind: "text" },
    ...OF_KEEPALIVED,
    help: { en: "address that moves between the hosts", ja: "2 台の間で移動するアドレス" },
  },
  ownIp: {
    flag: "--own-ip",
    placeholder: "ADDRESS",
    type: { kind: "text" },
    ...OF_KEEPALIVED,
    help: { en: "this host's address", ja: "このホストのアドレス" },
  },
  peerIp: {
    flag: "--peer-ip",
    placeholder: "ADDRESS",
    type: { kind: "text" },
    ...OF_KEEPALIVED,
    help: { en: "the other host's address", ja: "もう 1 台のアドレス" },
  },
  routerId: {
    flag: "--router-id",
    placeholder: "1-255",
    type: { kind: "text" },
    ...OF_KEEPALIVED,
    help: { en: "VRRP router id, the same on both hosts", ja: "VRRP ルーター ID (両ホストで同じ)" },
  },
  preferred: {
    flag: "--preferred",
    type: { kind: "flag" },
    ...OF_KEEPALIVED,
    help: {
      en: "this host takes the address when both start together",
      ja: "同時に起動したときはこのホストがアドレスを持つ",
    },
  },
} as const satisfies Record<string, OptionRow>;
