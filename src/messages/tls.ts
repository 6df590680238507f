import type { Text } from "../domain/text.ts";

const UNKNOWN_AUTHORITY: Text = {
  en: "its certificate is signed by an authority that is not among ours",
  ja: "証明書を発行した認証局を信頼していません",
};

/** Why a peer's certificate is not believed, by Node's code (X509_STORE_CTX_get_error(3)). */
export const UNBELIEVED: Readonly<Record<string, Text>> = {
  CERT_HAS_EXPIRED: { en: "its certificate has expired", ja: "証明書の期限が切れています" },
  CERT_NOT_YET_VALID: {
    en: "its certificate is not valid yet (or this host's clock is wrong)",
    ja: "証明書はまだ有効ではありません (またはこのホストの時計が狂っています)",
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    en: "its certificate is self-signed and not among the authorities",
    ja: "証明書は自己署名で、認証局に含まれていません",
  },
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    en: "its certificate is signed by an authority that is not among ours, or it does not send its chain",
    ja: "証明書を発行した認証局を信頼していないか、中間証明書が送られていません",
  },
  INVALID_PURPOSE: {
    en: "its certificate is not for servers (extended key usage)",
    ja: "証明書はサーバー用ではありません (拡張鍵用途)",
  },
  CERT_REVOKED: { en: "its certificate has been revoked", ja: "証明書は失効しています" },
  INVALID_CA: {
    en: "its certificate is signed by one that is no authority",
    ja: "証明書の発行者が認証局ではありません",
  },
  CERT_SIGNATURE_FAILURE: {
    en: "its certificate's signature is wrong",
    ja: "証明書の署名が正しくありません",
  },
};

/** What OpenSSL finds wrong with what a peer has sent, by what Node's code or OpenSSL's reason holds. */
export const SPOKEN: readonly (readonly [RegExp, Text])[] = [
  [
    /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE|UNEXPECTED_MESSAGE/,
    { en: "what it sends is not TLS", ja: "送られたデータは TLS ではありません" },
  ],
  [
    /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW/,
    { en: "no common version of TLS", ja: "共通の TLS バージョンがありません" },
  ],
  [
    /NO_SHARED_CIPHER|ALERT_HANDSHAKE_FAILURE|NO_SUITABLE_SIGNATURE/,
    { en: "no common cipher", ja: "共通の暗号スイートがありません" },
  ],
  [
    /ALERT_UNKNOWN_CA/,
    {
      en: "it does not know the authority of our certificate",
      ja: "相手がこちらの証明書の認証局を信頼していません",
    },
  ],
  [
    /ALERT_CERTIFICATE_EXPIRED/,
    { en: "it finds our certificate expired", ja: "相手はこちらの証明書を期限切れと判断しました" },
  ],
  [
    /ALERT_(BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE)/,
    { en: "it does not accept our certificate", ja: "相手がこちらの証明書を受け入れません" },
  ],
  [
    /ALERT_CERTIFICATE_REQUIRED/,
    {
      en: "it wants a client certificate, and we have none",
      ja: "相手がクライアント証明書を要求していますが、ありません",
    },
  ],
  [/KEY_TOO_SMALL|KEY_TOO_WEAK/, { en: "its key is too weak", ja: "鍵が弱すぎます" }],
  [
    /MD_TOO_WEAK/,
    { en: "its certificate is signed with a weak hash", ja: "証明書の署名に弱いハッシュが使われています" },
  ],
];

/** What TLS comes to, in words. */
export const TLS_WORDS = {
  /** @param names as Node tells them */
  otherNames: (names: string): Text => ({
    en: `its certificate is for other names: ${names}`,
    ja: `証明書は別の名前のものです: ${names}`,
  }),
  expired: (date: string): Text => ({
    en: `The certificate expired on ${date}: clients that verify it refuse it.`,
    ja: `証明書は ${date} に期限切れになりました。検証するクライアントは接続を拒否します。`,
  }),
  expires: (date: string, days: number): Text => ({
    en: `The certificate expires on ${date}, in ${days} days.`,
    ja: `証明書は ${date} (あと ${days} 日) で期限切れになります。`,
  }),
} as const;
