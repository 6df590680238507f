import { failureRow, failuresOf } from "./catalogue.ts";
import type { Text } from "./text.ts";

/** Why a text is no address. */
export const BAD_ADDRESS = {
  host: (host: string): Text => ({
    en: `"${host}" is not a host name or address`,
    ja: `"${host}" はホスト名でもアドレスでもありません`,
  }),
  noPort: { en: "the port is missing", ja: "ポートがありません" },
  port: (port: string): Text => ({
    en: `"${port}" is not a port (0 to 65535)`,
    ja: `"${port}" はポート (0〜65535) ではありません`,
  }),
} as const;

/** Reading addresses and networks. */
export const ADDRESS_FAILURES = {
  "bad-endpoint": failureRow<{ text: string; why: Text }>({
    kind: "settings",
    message: ({ text, why }) => ({
      en: `"${text}" is not an address: ${why.en}`,
      ja: `"${text}" はアドレスではありません: ${why.ja}`,
    }),
    hint: {
      en: "write HOST:PORT, for example server1.example.com:21050",
      ja: "HOST:PORT の形で指定してください (例: server1.example.com:21050)",
    },
    example: { text: "server1:port", why: BAD_ADDRESS.port("port") },
  }),
  "bad-cidr": failureRow<{ text: string }>({
    kind: "settings",
    message: ({ text }) => ({
      en: `"${text}" is not a network`,
      ja: `"${text}" はネットワークではありません`,
    }),
    hint: {
      en: "write it like 10.0.0.0/8 or fd00::/8",
      ja: "10.0.0.0/8 や fd00::/8 のように指定してください",
    },
    example: { text: "10.0.0.0/33" },
  }),
} as const;

export const addressFailure = failuresOf(ADDRESS_FAILURES);
