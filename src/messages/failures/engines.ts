import { failureRow, failuresOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

/** What of a specification HAProxy's configuration is about, in messages. */
export const HAPROXY_SUBJECT = {
  listener: (name: string): Text => ({ en: `listener "${name}"`, ja: `リスナー "${name}"` }),
  ofListener: (name: string, what: string): Text => ({
    en: `listener "${name}", ${what}`,
    ja: `リスナー "${name}" の ${what}`,
  }),
  statusPage: { en: "status page", ja: "ステータスページ" },
} as const;

/** Why an address of a pair is refused. */
export const PAIR_ADDRESS = {
  noPrefix: (address: string): Text => ({
    en: `${address} lacks its network's prefix`,
    ja: `${address} にネットワークのプレフィックス長がありません`,
  }),
  writePrefix: { en: "write it like 10.0.0.100/24", ja: "10.0.0.100/24 のように指定してください" },
  family: (name: string, address: string, shared: string): Text => ({
    en: `${name}: ${address} is not an address of the same family as ${shared}`,
    ja: `${name}: ${address} は ${shared} と同じ種類のアドレスではありません`,
  }),
  ownAddress: {
    en: "give the host's own address in the network of the shared one",
    ja: "共有アドレスと同じネットワークにある、ホスト自身のアドレスを指定してください",
  },
} as const;

/** Why the hosts of a pair are refused. */
export const PAIR_NODE = {
  notPlain: (name: string, device: string): Text => ({
    en: `host "${name}", interface "${device}": not plain names`,
    ja: `ホスト "${name}"、インターフェイス "${device}": 使えない文字が含まれています`,
  }),
  same: {
    en: "the two hosts and the shared address must differ",
    ja: "2 台のホストと共有アドレスはそれぞれ異なる必要があります",
  },
  threeAddresses: {
    en: "a pair needs three addresses",
    ja: "2 台構成には 3 つのアドレスが必要です",
  },
  neither: (local: string, first: string, second: string): Text => ({
    en: `${local} is neither ${first} nor ${second}`,
    ja: `${local} は ${first} でも ${second} でもありません`,
  }),
  nameOne: { en: "name one of the two hosts", ja: "2 台のうちどちらかを指定してください" },
} as const;

/** Why a file for HAProxy, keepalived or systemd cannot be made. */
export const ENGINE_FAILURES = {
  "haproxy-no-session": failureRow<{ listener: string }>({
    kind: "settings",
    message: ({ listener }) => ({
      en: `listener "${listener}": HAProxy cannot balance by HiveServer2 session`,
      ja: `リスナー "${listener}": HAProxy は HiveServer2 のセッション単位で振り分けられません`,
    }),
    hint: {
      en: 'choose "source" for Hue (each Hue host keeps one impalad), "leastconn" for other clients, or the bundled balancer',
      ja: 'Hue には "source" (Hue のホストごとに 1 つの impalad)、ほかのクライアントには "leastconn" を選ぶか、内蔵ロードバランサーを使ってください',
    },
    example: { listener: "impala" },
  }),
  "haproxy-tls-key": failureRow<{ listener: string; certificate: string; key: string }>({
    kind: "settings",
    message: ({ listener, certificate, key }) => ({
      en: `listener "${listener}": HAProxy reads the private key from the certificate's file or from ${certificate}.key, not from ${key}`,
      ja: `リスナー "${listener}": HAProxy は秘密鍵を証明書と同じファイルか ${certificate}.key から読み取ります。${key} は使えません`,
    }),
    hint: {
      en: "put both into one file that only root may read, and name it as certificate and as key",
      ja: "両方を root だけが読める 1 つのファイルにまとめ、certificate と key の両方に指定してください",
    },
    example: { listener: "impala", certificate: "/etc/pki/hue.pem", key: "/etc/pki/private/hue.key" },
  }),
  "haproxy-tls-password": failureRow<{ listener: string; key: string }>({
    kind: "settings",
    message: ({ listener, key }) => ({
      en: `listener "${listener}": HAProxy cannot be given the password of the private key ${key}`,
      ja: `リスナー "${listener}": HAProxy には秘密鍵 ${key} のパスワードを渡せません`,
    }),
    hint: {
      en: "decrypt it into a file that only root may read (openssl pkey -in KEY -out FILE), or use the bundled balancer",
      ja: "root だけが読めるファイルに復号する (openssl pkey -in KEY -out FILE) か、内蔵ロードバランサーを使ってください",
    },
    example: { listener: "impala", key: "/etc/pki/private/hue.key" },
  }),
  "haproxy-tls-ca": failureRow<{ listener: string }>({
    kind: "settings",
    message: ({ listener }) => ({
      en: `listener "${listener}": HAProxy before 2.6 does not know the system's authorities by name`,
      ja: `リスナー "${listener}": 2.6 より前の HAProxy ではシステムの認証局を名前で指定できません`,
    }),
    hint: {
      en: 'name their file: "caFile" in "backendTls"',
      ja: '"backendTls" の "caFile" でファイルを指定してください',
    },
    example: { listener: "impala" },
  }),
  "haproxy-tls-address": failureRow<{ listener: string; address: string }>({
    kind: "settings",
    message: ({ listener, address }) => ({
      en: `listener "${listener}": HAProxy verifies names in certificates only, and ${address} is an address`,
      ja: `リスナー "${listener}": HAProxy は証明書のホスト名しか検証できませんが、${address} はアドレスです`,
    }),
    hint: {
      en: 'name the backend by its host name, or set "serverName" in "backendTls"',
      ja: 'バックエンドをホスト名で指定するか、"backendTls" の "serverName" を指定してください',
    },
    example: { listener: "impala", address: "192.0.2.1:21050" },
  }),
  "haproxy-port-0": failureRow<{ what: Text; bind: string }>({
    kind: "settings",
    message: ({ what, bind }) => ({
      en: `${what.en}: ${bind} leaves the port to the system, which HAProxy cannot`,
      ja: `${what.ja}: ${bind} はポートをシステムに任せる指定ですが、HAProxy では使えません`,
    }),
    hint: { en: "name a port, for example 10001", ja: "ポートを指定してください。例: 10001" },
    example: { what: HAPROXY_SUBJECT.listener("impala"), bind: "0.0.0.0:0" },
  }),
  "haproxy-zone": failureRow<{ address: string }>({
    kind: "settings",
    message: ({ address }) => ({
      en: `${address} has a zone (%), which HAProxy does not know`,
      ja: `${address} にはゾーン (%) が含まれています。HAProxy では使えません`,
    }),
    hint: {
      en: "use an address without a zone, a host name, or the bundled balancer",
      ja: "ゾーンのないアドレスかホスト名を使うか、内蔵ロードバランサーを使ってください",
    },
    example: { address: "fe80::1%eth0" },
  }),
  "haproxy-word": failureRow<{ word: string }>({
    kind: "settings",
    message: ({ word }) => ({
      en: `${word} holds a control character, which HAProxy's configuration cannot`,
      ja: `${word} に制御文字が含まれています。HAProxy の設定では使えません`,
    }),
    hint: {
      en: "name it without control characters",
      ja: "制御文字を含まない名前にしてください",
    },
    example: { word: '"/run/x\\u001b/haproxy.sock"' },
  }),
  "unit-path": failureRow<{ path: string }>({
    kind: "settings",
    message: ({ path }) => ({
      en: `${path} holds a control character, or a blank or backslash at its end, which a systemd unit cannot`,
      ja: `${path} に制御文字、または末尾に空白かバックスラッシュが含まれています。systemd のユニットでは使えません`,
    }),
    hint: { en: "put it under a plain name", ja: "通常の文字だけの名前にしてください" },
    example: { path: '"/etc/x\\n.json"' },
  }),
  "unit-user": failureRow<{ user: string }>({
    kind: "settings",
    message: ({ user }) => ({
      en: `${user} is not an account's name`,
      ja: `${user} はアカウント名として使えません`,
    }),
    hint: {
      en: "give the name or number of an account of this host",
      ja: "このホストのアカウントの名前または番号を指定してください",
    },
    example: { user: '"impala;"' },
  }),
  "haproxy-time": failureRow<{ what: Text; seconds: number }>({
    kind: "settings",
    message: ({ what, seconds }) => ({
      en: `${what.en} is ${seconds} s, longer than HAProxy accepts (24.8 days)`,
      ja: `${what.ja} が ${seconds} 秒です。HAProxy の上限 (24.8 日) を超えています`,
    }),
    hint: { en: "choose at most 2147483 seconds", ja: "2147483 秒以下にしてください" },
    example: { what: HAPROXY_SUBJECT.ofListener("impala", "timeout client"), seconds: 3000000 },
  }),
  "haproxy-version": failureRow<{ version: string; known: boolean }>({
    kind: "settings",
    message: ({ version, known }) =>
      known
        ? {
            en: `HAProxy ${version} is too old for this configuration`,
            ja: `HAProxy ${version} はこの設定には古すぎます`,
          }
        : {
            en: `"${version}" is not a HAProxy version`,
            ja: `"${version}" は HAProxy のバージョンではありません`,
          },
    hint: {
      en: "use HAProxy 2.4 or later (1.8 is the oldest that works), or the bundled balancer",
      ja: "HAProxy 2.4 以降 (動作する最古は 1.8) か、内蔵ロードバランサーを使ってください",
    },
    example: { version: "1.5.18", known: true },
  }),
  "socket-unit-bind": failureRow<{ bind: string }>({
    kind: "settings",
    message: ({ bind }) => ({
      en: `${bind}: systemd can only listen on an address and a port`,
      ja: `${bind}: systemd が待ち受けられるのはアドレスとポートだけです`,
    }),
    hint: {
      en: "write the address, for example 0.0.0.0:10001",
      ja: "アドレスで指定してください。例: 0.0.0.0:10001",
    },
    example: { bind: "localhost:10001" },
  }),
  "keepalived-address": failureRow<{ reason: Text; hint: Text }>({
    kind: "settings",
    message: ({ reason }) => reason,
    hint: ({ hint }) => hint,
    example: { reason: PAIR_ADDRESS.noPrefix("10.0.0.100"), hint: PAIR_ADDRESS.writePrefix },
  }),
  "keepalived-router-id": failureRow<{ routerId: number }>({
    kind: "settings",
    message: ({ routerId }) => ({
      en: `${routerId} is not a virtual router id`,
      ja: `${routerId} は仮想ルーター ID として使えません`,
    }),
    hint: { en: "choose a number from 1 to 255", ja: "1 から 255 の数値を選んでください" },
    example: { routerId: 256 },
  }),
  "keepalived-node": failureRow<{ reason: Text; hint?: Text }>({
    kind: "settings",
    message: ({ reason }) => reason,
    hint: ({ hint }) => hint ?? PLAIN_NAMES,
    example: { reason: PAIR_NODE.same, hint: PAIR_NODE.threeAddresses },
  }),
  "keepalived-url": failureRow<{ url: string; example: string }>({
    kind: "settings",
    message: ({ url }) => ({
      en: `${url} is not a plain http address`,
      ja: `${url} は単純な http のアドレスではありません`,
    }),
    hint: ({ example }) => ({ en: `for example ${example}`, ja: `例: ${example}` }),
    example: { url: "http://127.0.0.1/a b", example: "http://127.0.0.1:10002/healthz" },
  }),
} as const;

const PLAIN_NAMES: Text = {
  en: "use letters, digits and . _ - (at most 64, and 15 for an interface)",
  ja: "英数字と . _ - を使ってください (ホスト名は 64 文字、インターフェイスは 15 文字まで)",
};

export const engineFailure = failuresOf(ENGINE_FAILURES);
