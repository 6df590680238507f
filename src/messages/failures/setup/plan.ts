import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import { sameText, type Text } from "../../../domain/text.ts";

/** Why the desired state must not be reached from here. */
export const PLAN_FAILURES = {
  "hue-ini-missing": failureRow<{ path: string }>({
    kind: "settings",
    message: ({ path }) => ({
      en: `--hue-ini: ${path} does not exist`,
      ja: `--hue-ini: ${path} がありません`,
    }),
    hint: { en: "name the hue.ini that Hue reads", ja: "Hue が読む hue.ini を指定してください" },
    example: { path: "/etc/hue/hue.ini" },
  }),
  "managed-by-cloudera": failureRow<{ path: string; signs: Text }>({
    kind: "settings",
    message: ({ path, signs }) => ({
      en: `${path} is not what Hue reads: Cloudera Manager generates Hue's configuration on this host (${signs.en})`,
      ja: `Hue が読むのは ${path} ではありません。このホストでは Cloudera Manager が Hue の設定を生成します (${signs.ja})`,
    }),
    hint: {
      en: "use --target cloudera-manager, which edits Hue's safety valve hue_service_safety_valve; --force edits the file all the same",
      ja: "--target cloudera-manager を使うと、Hue の安全バルブ hue_service_safety_valve を編集します。それでもこのファイルを編集するには --force を付けてください",
    },
    example: {
      path: "/etc/hue/hue.ini",
      signs: {
        en: "/etc/cloudera-scm-agent/config.ini exists",
        ja: "/etc/cloudera-scm-agent/config.ini があります",
      },
    },
  }),
  unparsable: failureRow<{ place: string; reason: Text }>({
    kind: "unparsable",
    message: ({ place, reason }) => ({ en: `${place}: ${reason.en}`, ja: `${place}: ${reason.ja}` }),
    hint: {
      en: "Hue itself refuses this text; correct the line, nothing was changed",
      ja: "Hue もこの内容を受け付けません。その行を修正してください。何も変更していません",
    },
    example: { place: "/etc/hue/hue.ini:3", reason: sameText("Parse error in value at line 3.") },
  }),
  "no-service-manager": failureRow<{ unit: string }>({
    kind: "settings",
    message: ({ unit }) => ({
      en: `--restart-hue: systemd does not run on this host, so ${unit} cannot be restarted`,
      ja: `--restart-hue: このホストでは systemd が動いていないため、${unit} を再起動できません`,
    }),
    hint: {
      en: "leave --restart-hue out and restart Hue as this host does it",
      ja: "--restart-hue を外し、このホストの方法で Hue を再起動してください",
    },
    example: { unit: "hue.service" },
  }),
  "balancer-silent": failureRow<{ silence: Text } | { unit: string; address: string; seconds: number }>({
    kind: "failed",
    message: (values) =>
      "silence" in values
        ? { en: `--restart-hue: ${values.silence.en}`, ja: `--restart-hue: ${values.silence.ja}` }
        : {
            en: `${values.unit} does not accept connections on ${values.address} after ${values.seconds} s`,
            ja: `${values.seconds} 秒たっても ${values.unit} が ${values.address} で接続を受け付けません`,
          },
    hint: (values) =>
      "silence" in values
        ? {
            en: "Hue would lose Impala: run without --restart-hue, start the balancer, then run again with it",
            ja: "このまま再起動すると Hue は Impala に接続できません。--restart-hue なしで実行し、ロードバランサーを起動してから、--restart-hue を付けてもう一度実行してください",
          }
        : {
            en: `look at: journalctl -u ${values.unit} -n 50`,
            ja: `次のコマンドで確認してください: journalctl -u ${values.unit} -n 50`,
          },
    example: {
      silence: {
        en: "nobody listens on lb.example.com:10001 yet; check the balancer",
        ja: "lb.example.com:10001 で待ち受けるものがまだありません。ロードバランサーを確認してください",
      },
    },
  }),
} as const;

export const planFailure = failuresOf(PLAN_FAILURES);
