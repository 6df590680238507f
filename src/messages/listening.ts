import type { Text } from "../domain/text.ts";

/** Who holds a port, as far as this user may see it. */
export interface Holder {
  readonly pid: number;
  readonly name: string;
}

/** Why this host cannot listen on an address, and what to do: one wording for whoever wants to. */
export const LISTEN_FAULTS = {
  inUse: (address: string, holders: readonly Holder[]): Text => {
    const en = holders.map(({ pid, name }) => `${name} (process ${pid})`).join(", ");
    const ja = holders.map(({ pid, name }) => `${name} (プロセス ${pid})`).join("、");
    return {
      en: `${address} is in use${en === "" ? "" : ` by ${en}`}`,
      ja: ja === "" ? `${address} は使用中です` : `${address} は ${ja} が使用中です`,
    };
  },
  inUseHint: (port: number): Text => ({
    en: `choose another port, or find its owner with: ss -ltnp 'sport = :${port}'`,
    ja: `別のポートを選ぶか、次のコマンドで使用中のプログラムを確認してください: ss -ltnp 'sport = :${port}'`,
  }),
  notLocal: (host: string): Text => ({
    en: `${host} is not an address of this host`,
    ja: `${host} はこのホストのアドレスではありません`,
  }),
  notLocalHint: (local: readonly string[]): Text => ({
    en: `this host has ${local.join(", ")}; for an address that keepalived will bring, set net.ipv4.ip_nonlocal_bind=1`,
    ja: `このホストのアドレスは ${local.join("、")} です。keepalived が割り当てるアドレスの場合は net.ipv4.ip_nonlocal_bind=1 を設定してください`,
  }),
  denied: (port: number): Text => ({
    en: `this user may not listen on port ${port}`,
    ja: `このユーザーはポート ${port} で待ち受けできません`,
  }),
  deniedHint: {
    en: "choose a port from 1024 on, or give the service CAP_NET_BIND_SERVICE",
    ja: "1024 以上のポートを選ぶか、サービスに CAP_NET_BIND_SERVICE を与えてください",
  },
  noIpv6: (address: string): Text => ({
    en: `${address}: IPv6 is switched off on this host`,
    ja: `${address}: このホストでは IPv6 が無効です`,
  }),
  noIpv6Hint: { en: "use an IPv4 address", ja: "IPv4 アドレスを使ってください" },
  unknownHost: (host: string): Text => ({
    en: `${host} has no address`,
    ja: `${host} のアドレスが見つかりません`,
  }),
  unknownHostHint: {
    en: "use an address of this host, or 0.0.0.0 for all of them",
    ja: "このホストのアドレス、またはすべてを表す 0.0.0.0 を使ってください",
  },
  other: (address: string, reason: Text): Text => ({
    en: `cannot listen on ${address}: ${reason.en}`,
    ja: `${address} で待ち受けできません: ${reason.ja}`,
  }),
} as const;
