import type { Text } from "../domain/text.ts";

/** What a client speaks, where it is not the same word in both languages. */
export const SPOKEN = {
  thrift: { en: "plain Thrift", ja: "Thrift (認証も暗号化もなし)" },
  unknown: { en: "something other than HiveServer2", ja: "HiveServer2 以外の通信" },
} as const satisfies Record<string, Text>;

/** Services whose calls are not routed. */
export const WHOLE_SERVICES = {
  beeswax: { en: "Beeswax (impala-shell's old protocol)", ja: "Beeswax (impala-shell の以前のプロトコル)" },
  "other-service": { en: "a service other than HiveServer2's", ja: "HiveServer2 以外のサービス" },
} as const satisfies Record<string, Text>;

/** What an administrator should know of a listener that runs, for the log, the status page and `balancer status`. */
export const LISTENER_NOTES = {
  notRouted: (transport: Text): Text => ({
    en: `${transport.en} cannot be routed by session, so each source address keeps one backend`,
    ja: `${transport.ja} はセッション単位で振り分けられないため、送信元アドレスごとに 1 つのバックエンドを使います`,
  }),
  relayedWhole: (service: Text): Text => ({
    en: `${service.en} cannot be routed by session, so each connection keeps one backend`,
    ja: `${service.ja} はセッション単位で振り分けられないため、接続ごとに 1 つのバックエンドを使います`,
  }),
  /** How often that was so. */
  times: (connections: number, note: Text): Text => ({
    en: `${connections} connections so far: ${note.en}.`,
    ja: `これまでに ${connections} 接続: ${note.ja}。`,
  }),
  fewDescriptors: (allowed: number, wanted: number): Text => ({
    en: `Only ${allowed} connections instead of ${wanted}: too few file descriptors.`,
    ja: `ファイルディスクリプターが不足しているため、接続数は ${wanted} ではなく ${allowed} に制限されます。`,
  }),
  oneSource: (backend: string): Text => ({
    en: `All clients have one source address, so ${backend} does all the work. Balance by session instead.`,
    ja: `すべてのクライアントの送信元アドレスが同じなので、すべての処理が ${backend} に集中します。balance session にしてください。`,
  }),
} as const;
