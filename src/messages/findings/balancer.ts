import { findingRow, findingsOf } from "../../domain/catalogue.ts";
import { sameText, type Text } from "../../domain/text.ts";
import { CHECKED, NOT_CONNECTED, stateText } from "../checks.ts";

/** What the way from Hue through the balancer to an Impalad shows. */
export const BALANCER_FINDINGS = {
  "balancer-listens": findingRow<{ address: string }>({
    check: "balancer-listens",
    status: "ok",
    message: ({ address }) => ({
      en: `${address} accepts connections`,
      ja: `${address} は接続を受け付けています`,
    }),
    example: { address: "lb.example.com:10001" },
  }),
  "nobody-listens": findingRow<{ address: string }>({
    check: "balancer-listens",
    status: "problem",
    message: ({ address }) => ({
      en: `nobody accepts connections on ${address}, where Hue connects`,
      ja: `Hue の接続先 ${address} で接続を受け付けるものがありません`,
    }),
    remedy: {
      en: "start the balancer: systemctl start hue-impala-setup-balancer, or hue-impala-setup balancer run",
      ja: "ロードバランサーを起動してください: systemctl start hue-impala-setup-balancer または hue-impala-setup balancer run",
    },
    example: { address: "lb.example.com:10001" },
  }),
  "balancer-status": findingRow<{ reason: Text }>({
    check: "balancer-status",
    status: "skipped",
    message: ({ reason }) => ({
      en: `${reason.en}: it may be another balancer`,
      ja: `${reason.ja} (別のロードバランサーかもしれません)`,
    }),
    example: {
      reason: {
        en: "no balancer answers on /run/hue-impala-setup/balancer.sock",
        ja: "/run/hue-impala-setup/balancer.sock にロードバランサーの応答がありません",
      },
    },
  }),
  "backend-up": findingRow<Backend>({
    check: "backend",
    status: "ok",
    message: backendText,
    example: { name: "impalad1", address: "impalad1:21050", state: "up", lastCheck: CHECKED.connected },
  }),
  "backend-not-up": findingRow<Backend>({
    check: "backend",
    status: "warning",
    message: backendText,
    remedy: {
      en: "look at this Impalad; the balancer goes on without it",
      ja: "この Impalad を確認してください。ロードバランサーはこの Impalad を使わずに動作を続けます",
    },
    example: { name: "impalad1", address: "impalad1:21050", state: "down", lastCheck: NOT_CONNECTED.refused },
  }),
  "no-backend-up": findingRow({
    check: "backends",
    status: "problem",
    message: {
      en: "no backend is up: no query gets through",
      ja: "UP のバックエンドがありません。クエリは 1 つも実行できません",
    },
    remedy: {
      en: "look at the Impalads; hue-impala-setup discover tells what Cloudera Manager knows of them",
      ja: "Impalad を確認してください。Cloudera Manager から見た状態は hue-impala-setup discover で分かります",
    },
  }),
  hiveserver2: findingRow<{ calls: number }>({
    check: "hiveserver2",
    status: "ok",
    message: ({ calls }) => ({
      en: `${calls} HiveServer2 sessions opened and closed through the balancer`,
      ja: `ロードバランサー経由で HiveServer2 セッションを ${calls} 回開閉しました`,
    }),
    example: { calls: 6 },
  }),
  "hiveserver2-not-spoken": findingRow<{ reason: Text }>({
    check: "hiveserver2",
    status: "skipped",
    message: ({ reason }) => ({
      en: `${reason.en} (with SASL or TLS only Hue itself can tell)`,
      ja: `${reason.ja} (SASL や TLS を使う場合は Hue 自身でしか確認できません)`,
    }),
    example: { reason: sameText("closed the connection without an answer") },
  }),
  "hiveserver2-fails": findingRow<{ reason: Text }>({
    check: "hiveserver2",
    status: "problem",
    message: ({ reason }) => reason,
    remedy: {
      en: "look at the Impalads and at the balancer's log",
      ja: "Impalad とロードバランサーのログを確認してください",
    },
    example: { reason: sameText("connect ECONNREFUSED 127.0.0.1:10001") },
  }),
  spread: findingRow<Spread>({
    check: "spread",
    status: "ok",
    message: spreadText,
    example: { calls: 6, reached: ["impalad1", "impalad2", "impalad3"], all: 3 },
  }),
  "spread-narrow": findingRow<Spread>({
    check: "spread",
    status: "warning",
    message: spreadText,
    remedy: {
      en: "with balance source one Hue host uses one Impalad; balance session spreads its sessions",
      ja: "balance source では Hue のホストごとに 1 つの Impalad を使います。セッションを分散させるには balance session を使ってください",
    },
    example: { calls: 6, reached: ["impalad1"], all: 3 },
  }),
} as const;

export const balancerFinding = findingsOf(BALANCER_FINDINGS);

interface Backend {
  readonly name: string;
  readonly address: string;
  readonly state: string;
  /** What the last check said; undefined before the first one. */
  readonly lastCheck: Text | undefined;
}

function backendText({ name, address, state, lastCheck }: Backend): Text {
  const said = (language: keyof Text): string => (lastCheck === undefined ? "" : `: ${lastCheck[language]}`);
  return {
    en: `${name} (${address}) is ${state}${said("en")}`,
    ja: `${name} (${address}) の状態: ${stateText(state).ja}${said("ja")}`,
  };
}

interface Spread {
  readonly calls: number;
  readonly reached: readonly string[];
  /** How many backends there are. */
  readonly all: number;
}

function spreadText({ calls, reached, all }: Spread): Text {
  return {
    en: `${calls} sessions reached ${reached.length} of ${all} backends: ${reached.join(", ")}`,
    ja: `${calls} セッションがバックエンド ${all} 台中 ${reached.length} 台に届きました: ${reached.join(", ")}`,
  };
}
