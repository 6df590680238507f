import { failureRow, failuresOf } from "../../../domain/catalogue.ts";

/** What a running balancer refuses to its administrator. */
export const BALANCER_DAEMON_FAILURES = {
  stopping: failureRow({
    kind: "failed",
    message: {
      en: "the balancer is not running or about to stop",
      ja: "ロードバランサーは動作していないか、停止処理中です",
    },
  }),
  "no-spec-file": failureRow({
    kind: "settings",
    message: {
      en: "started without a specification file: nothing to read again",
      ja: "仕様ファイルなしで起動されているため、再読み込みするものがありません",
    },
  }),
} as const;

export const balancerDaemonFailure = failuresOf(BALANCER_DAEMON_FAILURES);
