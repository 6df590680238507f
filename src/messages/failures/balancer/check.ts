import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** Who wants to listen, in messages. */
export const LISTENING = {
  listener: (name: string): Text => ({ en: `listener "${name}"`, ja: `リスナー "${name}"` }),
  admin: { en: "admin.http", ja: "admin.http" },
} as const;

/** Why a valid specification cannot run on this host. */
export const BALANCER_CHECK_FAILURES = {
  "same-address": failureRow<{ one: Text; bind: string; other: Text; otherBind: string }>({
    kind: "settings",
    message: ({ one, bind, other, otherBind }) => ({
      en: `${one.en} (${bind}) and ${other.en} (${otherBind}) want the same address`,
      ja: `${one.ja} (${bind}) と ${other.ja} (${otherBind}) のアドレスが重複しています`,
    }),
    hint: { en: "give one of them another port", ja: "どちらかを別のポートにしてください" },
    example: {
      one: LISTENING.listener("impala"),
      bind: "0.0.0.0:10001",
      other: LISTENING.admin,
      otherBind: "127.0.0.1:10001",
    },
  }),
  descriptors: failureRow<{ listener: string; allowed: number; limit: number; needed: number }>({
    kind: "settings",
    message: ({ listener, allowed, limit }) => ({
      en: `listener "${listener}" could hold ${allowed} connections: this process may open only ${limit} files`,
      ja: `リスナー "${listener}" が保持できる接続は ${allowed} です。このプロセスが開けるファイルは ${limit} 個までです`,
    }),
    hint: ({ needed }) => ({
      en: `raise LimitNOFILE in the unit, or ulimit -n, to ${needed} or more`,
      ja: `ユニットの LimitNOFILE または ulimit -n を ${needed} 以上にしてください`,
    }),
    example: { listener: "impala", allowed: 4, limit: 64, needed: 4060 },
  }),
} as const;

export const balancerCheckFailure = failuresOf(BALANCER_CHECK_FAILURES);
