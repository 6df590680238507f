import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";

/** What a value of the specification must be; the schema names these, one wording for every key. */
export const SPEC_RULES = {
  name: {
    en: "must be 1 to 63 letters, digits or one of _ . : -",
    ja: "は 1〜63 文字の英数字または _ . : - で指定してください",
  },
  endpoint: { en: "must be HOST:PORT", ja: "は HOST:PORT の形で指定してください" },
  realPort: { en: "must have a port other than 0", ja: "には 0 以外のポートを指定してください" },
  network: {
    en: "must be a network like 10.0.0.0/8",
    ja: "は 10.0.0.0/8 のようなネットワークで指定してください",
  },
  urlPath: { en: "must be a path like /healthz", ja: "は /healthz のようなパスで指定してください" },
  absolutePath: { en: "must be an absolute path", ja: "は絶対パスで指定してください" },
  principal: {
    en: "must be a principal with its realm, like hue/hue1.example.com@EXAMPLE.COM",
    ja: "は hue/hue1.example.com@EXAMPLE.COM のようにレルムまで含むプリンシパルで指定してください",
  },
  service: {
    en: "must be a service name like impala",
    ja: "は impala のようなサービス名で指定してください",
  },
  hostName: {
    en: "must be a host name like impala.example.com",
    ja: "は impala.example.com のようなホスト名で指定してください",
  },
  oneNetwork: { en: "must name at least one network", ja: "にはネットワークを 1 つ以上指定してください" },
  oneBackend: { en: "must name at least one backend", ja: "にはバックエンドを 1 つ以上指定してください" },
  oneListener: { en: "must have at least one listener", ja: "にはリスナーを 1 つ以上指定してください" },
} as const satisfies Record<string, Text>;

/** The sentences of `bad-spec`. */
export const SPEC_FAULTS = {
  unknownKey: (place: string, near: string | undefined): Text => ({
    en: `unknown key ${place}${near === undefined ? "" : ` (did you mean "${near}"?)`}`,
    ja: `不明なキー ${place}${near === undefined ? "" : ` ("${near}" ではありませんか)`}`,
  }),
  missing: (place: Text): Text => ({ en: `${place.en} is missing`, ja: `${place.ja} がありません` }),
  rule: (place: Text, rule: Text, received: string): Text => ({
    en: `${place.en} ${rule.en} (it is ${received})`,
    ja: `${place.ja} ${rule.ja} (現在の値: ${received})`,
  }),
  other: (place: Text, received: string, expected: string): Text => ({
    en: `${place.en} is ${received}, expected ${expected}`,
    ja: `${place.ja} の値 ${received} は正しくありません (期待される値: ${expected})`,
  }),
  sameListener: (name: string): Text => ({
    en: `two listeners are named "${name}"`,
    ja: `"${name}" という名前のリスナーが 2 つあります`,
  }),
  sameBackend: (listener: string, name: string): Text => ({
    en: `two backends of listener "${listener}" are named "${name}"`,
    ja: `リスナー "${listener}" に "${name}" という名前のバックエンドが 2 つあります`,
  }),
  clearTextBackends: (listener: string): Text => ({
    en:
      `listener "${listener}" would receive passwords over TLS and has no "backendTls": it could only send them on in clear text; ` +
      'add "backendTls" (--impala-tls, --impala-ca-file), or "clearTextBackends": true in "tls", which refuses logins with a password',
    ja:
      `リスナー "${listener}" は TLS でパスワードを受け取りますが、"backendTls" がないため平文でしか転送できません。` +
      '"backendTls" (--impala-tls、--impala-ca-file) を追加するか、"tls" に "clearTextBackends": true を指定してください (パスワードによるログインは拒否されます)',
  }),
  wholeDocument: { en: "the document", ja: "文書全体" },
} as const;

/** What a specification is called in messages when it is no file. */
export const SPEC_NAMES = {
  any: { en: "balancer specification", ja: "ロードバランサーの仕様" },
  desired: { en: "the balancer's specification", ja: "ロードバランサーの仕様" },
  options: { en: "the balancer's options", ja: "ロードバランサーのオプション" },
} as const satisfies Record<string, Text>;

/** Reading the balancer specification. */
export const BALANCER_SPEC_FAILURES = {
  "bad-spec": failureRow<{ where: Text; faults: readonly Text[] }>({
    kind: "settings",
    message: ({ where, faults }) => ({
      en: `${where.en}: ${faults.map(({ en }) => en).join("; ")}`,
      ja: `${where.ja}: ${faults.map(({ ja }) => ja).join("。")}`,
    }),
    hint: { en: "see docs/balancer.md for every key", ja: "すべてのキーは docs/balancer.md にあります" },
    example: { where: SPEC_NAMES.any, faults: [SPEC_FAULTS.unknownKey("listeners.0.balanse", "balance")] },
  }),
  "bad-json": failureRow<{ where: Text; position: string; reason: string }>({
    kind: "unparsable",
    message: ({ where, position, reason }) => ({
      en: `${where.en}${position}: not JSON: ${reason}`,
      ja: `${where.ja}${position}: JSON ではありません: ${reason}`,
    }),
    example: { where: SPEC_NAMES.any, position: ":2:16", reason: "Unexpected token ," },
  }),
  "unreadable-spec": failureRow<{ path: string; reason: Text }>({
    kind: "settings",
    message: ({ path, reason }) => ({ en: `${path}: ${reason.en}`, ja: `${path}: ${reason.ja}` }),
    example: {
      path: "balancer.json",
      reason: {
        en: "ENOENT: no such file or directory, open 'balancer.json'",
        ja: "存在しません (ENOENT, open 'balancer.json')",
      },
    },
  }),
  "spec-unreadable": failureRow<{ reason: Text }>({
    kind: "auth",
    message: ({ reason }) => ({ en: `--spec: ${reason.en}`, ja: `--spec: ${reason.ja}` }),
    hint: { en: "run as a user who may read it", ja: "読み取り権限のあるユーザーで実行してください" },
    example: {
      reason: {
        en: "EACCES: permission denied, open 'balancer.json'",
        ja: "アクセスが拒否されました (EACCES, open 'balancer.json')",
      },
    },
  }),
} as const;

export const balancerSpecFailure = failuresOf(BALANCER_SPEC_FAILURES);
