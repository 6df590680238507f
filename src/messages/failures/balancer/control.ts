import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import { sameText, type Text } from "../../../domain/text.ts";

interface AtSocket {
  readonly path: string;
  readonly reason: Text;
}

const AT_SOCKET: AtSocket = {
  path: "/run/hue-impala-setup/balancer.sock",
  reason: { en: "connect ECONNRESET", ja: "接続が切断されました (connect ECONNRESET)" },
};

/** The answer of somebody else than a balancer. */
export const TOO_LONG = (bytes: number): Text => ({
  en: `more than ${bytes} bytes`,
  ja: `${bytes} バイトを超えています`,
});

/** Steering a running balancer through its control socket, from both of its ends. */
export const BALANCER_CONTROL_FAILURES = {
  "balancer-not-running": failureRow<{ path: string }>({
    kind: "unreachable",
    message: ({ path }) => ({
      en: `no balancer answers at ${path}`,
      ja: `${path} でロードバランサーが応答しません`,
    }),
    hint: {
      en: "start it, or name its admin.socket",
      ja: "起動するか、admin.socket の場所を指定してください",
    },
    example: { path: AT_SOCKET.path },
  }),
  "control-denied": failureRow<{ path: string }>({
    kind: "auth",
    message: ({ path }) => ({ en: `${path}: not permitted`, ja: `${path}: アクセスが許可されていません` }),
    hint: {
      en: "run this as root or as the balancer's user",
      ja: "root またはロードバランサーのユーザーで実行してください",
    },
    example: { path: AT_SOCKET.path },
  }),
  "control-failed": failureRow<AtSocket>({
    kind: "unreachable",
    message: ({ path, reason }) => ({ en: `${path}: ${reason.en}`, ja: `${path}: ${reason.ja}` }),
    example: AT_SOCKET,
  }),
  "control-timeout": failureRow<{ path: string; seconds: number }>({
    kind: "unreachable",
    message: ({ path, seconds }) => ({
      en: `${path}: no answer within ${seconds} s`,
      ja: `${path}: ${seconds} 秒以内に応答がありません`,
    }),
    example: { path: AT_SOCKET.path, seconds: 10 },
  }),
  "control-reply": failureRow<AtSocket>({
    kind: "failed",
    message: ({ path, reason }) => ({
      en: `${path}: answer not understood: ${reason.en}`,
      ja: `${path}: 応答を解釈できません: ${reason.ja}`,
    }),
    example: { path: AT_SOCKET.path, reason: sameText("Unexpected end of JSON input") },
  }),
  "control-socket": failureRow<AtSocket>({
    kind: "settings",
    message: ({ path, reason }) => ({
      en: `control socket ${path}: ${reason.en}`,
      ja: `制御ソケット ${path}: ${reason.ja}`,
    }),
    example: {
      path: AT_SOCKET.path,
      reason: { en: "listen EACCES: permission denied", ja: "アクセスが拒否されました (EACCES)" },
    },
  }),
  "already-running": failureRow<{ path: string }>({
    kind: "settings",
    message: ({ path }) => ({
      en: `control socket ${path} belongs to a balancer that is running`,
      ja: `制御ソケット ${path} は動作中のロードバランサーが使用しています`,
    }),
    hint: {
      en: "stop it first, or give this one another admin.socket",
      ja: "先に停止するか、別の admin.socket を指定してください",
    },
    example: { path: AT_SOCKET.path },
  }),
  "bad-request": failureRow({
    kind: "usage",
    message: {
      en: "not a request; known are status, drain, ready and reload",
      ja: "要求を解釈できません。使えるのは status、drain、ready、reload です",
    },
  }),
  internal: failureRow<{ reason: string }>({
    kind: "failed",
    message: ({ reason }) => ({ en: reason, ja: reason }),
    example: { reason: "Cannot read properties of undefined (reading 'name')" },
  }),
  "unknown-backend": failureRow<{ backend: string; known: readonly string[] }>({
    kind: "settings",
    message: ({ backend }) => ({
      en: `there is no backend "${backend}"`,
      ja: `バックエンド "${backend}" はありません`,
    }),
    hint: ({ known }) => ({
      en: `there are: ${known.join(", ")}`,
      ja: `次のものがあります: ${known.join("、")}`,
    }),
    example: { backend: "server9", known: ["server1", "server2"] },
  }),
} as const;

export const balancerControlFailure = failuresOf(BALANCER_CONTROL_FAILURES);
