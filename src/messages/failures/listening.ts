import { type FailureRow, failureRow, failuresOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";
import { LISTEN_FAULTS } from "../listening.ts";

/** Who wants to listen, what is in the way, and what to do. */
export interface Obstacle {
  readonly who: Text;
  readonly reason: Text;
  readonly remedy: Text | undefined;
}

/** An obstacle as an example. */
type Example = Omit<Obstacle, "who">;

const IN_USE: Example = {
  reason: LISTEN_FAULTS.inUse("127.0.0.1:10001", []),
  remedy: LISTEN_FAULTS.inUseHint(10001),
};
const NOT_LOCAL: Example = {
  reason: LISTEN_FAULTS.notLocal("192.0.2.7"),
  remedy: LISTEN_FAULTS.notLocalHint(["127.0.0.1", "192.0.2.11"]),
};
const DENIED: Example = { reason: LISTEN_FAULTS.denied(443), remedy: LISTEN_FAULTS.deniedHint };
const NO_IPV6: Example = {
  reason: LISTEN_FAULTS.noIpv6("[::1]:10001"),
  remedy: LISTEN_FAULTS.noIpv6Hint,
};
const UNKNOWN_HOST: Example = {
  reason: LISTEN_FAULTS.unknownHost("lb.example.com"),
  remedy: LISTEN_FAULTS.unknownHostHint,
};
const OTHER: Example = {
  reason: LISTEN_FAULTS.other("127.0.0.1:10001", {
    en: "EMFILE: too many open files",
    ja: "このプロセスが開いているファイルが多すぎます (EMFILE)",
  }),
  remedy: undefined,
};

function row(kind: "settings" | "auth", example: Example): FailureRow<Obstacle> {
  return failureRow<Obstacle>({
    kind,
    message: ({ who, reason }) => ({ en: `${who.en}: ${reason.en}`, ja: `${who.ja}: ${reason.ja}` }),
    hint: ({ remedy }) => remedy,
    example: { who: { en: 'listener "impala"', ja: 'リスナー "impala"' }, ...example },
  });
}

/** An address that the balancer is to listen on and cannot. */
export const LISTENING_FAILURES = {
  "address-in-use": row("settings", IN_USE),
  "address-not-local": row("settings", NOT_LOCAL),
  "address-denied": row("auth", DENIED),
  "address-no-ipv6": row("settings", NO_IPV6),
  "address-unknown-host": row("settings", UNKNOWN_HOST),
  "address-other": row("settings", OTHER),
  "address-unknown": row("settings", UNKNOWN_HOST),
  "cannot-listen": row("settings", OTHER),
  "listen-in-use": row("settings", IN_USE),
  "listen-not-local": row("settings", NOT_LOCAL),
  "listen-no-ipv6": row("settings", NO_IPV6),
  "listen-unknown-host": row("settings", UNKNOWN_HOST),
  "listen-other": row("settings", OTHER),
} as const;

/** Said besides {@link LISTEN_FAULTS}' remedy where the balancer's own port is taken. */
export const REUSE: Text = {
  en: "for a balancer that is there already, use --balancer external --server-host HOST --server-port PORT",
  ja: "すでにあるロードバランサーを使う場合は --balancer external --server-host HOST --server-port PORT を指定してください",
};

export type ListeningCode = keyof typeof LISTENING_FAILURES;

export const listeningFailure = failuresOf(LISTENING_FAILURES);
