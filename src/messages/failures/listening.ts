import type { Text } from "../../domain/text.ts";
import { type FailureRow, failureRow, failuresOf } from "../catalogue.ts";
import { LISTEN_FAULTS } from "../listening.ts";

/** Who wants to listen, what is in the way, and what to do. */
export interface Obstacle {
  readonly who: Text;
  readonly reason: Text;
  readonly remedy: Text | undefined;
}

const EXAMPLE: Obstacle = {
  who: { en: 'listener "impala"', ja: 'リスナー "impala"' },
  reason: LISTEN_FAULTS.inUse("127.0.0.1:10001", []),
  remedy: LISTEN_FAULTS.inUseHint(10001),
};

function row(kind: "settings" | "auth"): FailureRow<Obstacle> {
  return failureRow<Obstacle>({
    kind,
    message: ({ who, reason }) => ({ en: `${who.en}: ${reason.en}`, ja: `${who.ja}: ${reason.ja}` }),
    hint: ({ remedy }) => remedy,
    example: EXAMPLE,
  });
}

/** An address that the balancer is to listen on and cannot. */
export const LISTENING_FAILURES = {
  "address-in-use": row("settings"),
  "address-not-local": row("settings"),
  "address-denied": row("auth"),
  "address-no-ipv6": row("settings"),
  "address-unknown-host": row("settings"),
  "address-other": row("settings"),
  "address-unknown": row("settings"),
  "cannot-listen": row("settings"),
  "listen-in-use": row("settings"),
  "listen-not-local": row("settings"),
  "listen-no-ipv6": row("settings"),
  "listen-unknown-host": row("settings"),
  "listen-other": row("settings"),
} as const;

/** Said besides {@link LISTEN_FAULTS}' remedy where the balancer's own port is taken. */
export const REUSE: Text = {
  en: "for a balancer that is there already, use --balancer external --server-host HOST --server-port PORT",
  ja: "すでにあるロードバランサーを使う場合は --balancer external --server-host HOST --server-port PORT を指定してください",
};

export type ListeningCode = keyof typeof LISTENING_FAILURES;

export const listeningFailure = failuresOf(LISTENING_FAILURES);
