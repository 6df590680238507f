import { failureRow } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";
import { COMMAND_TIMEOUT } from "../command-timeout.ts";

/** Programs that were run: systemctl, haproxy, keepalived, systemd-notify. */
export const PROGRAM_FAILURES = {
  "command-timeout": COMMAND_TIMEOUT,
  "command-output": failureRow<{ command: string }>({
    kind: "failed",
    message: ({ command }) => ({
      en: `${command} printed more than 16 MiB`,
      ja: `${command} の出力が 16 MiB を超えました`,
    }),
    example: { command: "haproxy" },
  }),
  "command-not-found": failureRow<{ command: string }>({
    kind: "failed",
    message: ({ command }) => ({
      en: `${command} is not installed or not in PATH`,
      ja: `${command} がインストールされていないか、PATH にありません`,
    }),
    hint: { en: "install the package that brings it", ja: "該当するパッケージをインストールしてください" },
    example: { command: "haproxy" },
  }),
  "command-failed": failureRow<{ command: string; reason: Text }>({
    kind: "failed",
    message: ({ command, reason }) => ({
      en: `cannot start ${command}: ${reason.en}`,
      ja: `${command} を起動できません: ${reason.ja}`,
    }),
    example: {
      command: "haproxy",
      reason: { en: "spawn haproxy EACCES", ja: "アクセスが拒否されました (spawn haproxy EACCES)" },
    },
  }),
  "systemctl-failed": failureRow<{ reason: Text; unit: string | undefined }>({
    kind: "failed",
    message: ({ reason }) => reason,
    hint: ({ unit }) =>
      unit === undefined
        ? undefined
        : { en: `look at: journalctl -u ${unit} -n 50`, ja: `確認してください: journalctl -u ${unit} -n 50` },
    example: {
      reason: systemctlFailed("start hue-impala-setup-balancer.service", "Unit not found"),
      unit: "hue-impala-setup-balancer.service",
    },
  }),
} as const;

/** What systemctl said when it failed; it is not translated. */
export function systemctlFailed(args: string, said: string): Text {
  return { en: `systemctl ${args} failed: ${said}`, ja: `systemctl ${args} が失敗しました: ${said}` };
}
