import type { Text } from "../domain/text.ts";

/** Why Kerberos did not work, and what to do about it. */
export interface KerberosFault {
  readonly reason: Text;
  readonly remedy: Text;
}

/** What people meet with Kerberos, by what the library or the KDC says (RFC 4120, 7.5.9, and MIT's krb5_err). */
export const KERBEROS_FAULTS = {
  skew: {
    reason: {
      en: "the clocks differ by more than Kerberos allows (five minutes)",
      ja: "時計のずれが Kerberos の許容範囲 (5 分) を超えています",
    },
    remedy: {
      en: "set the clocks of this host, the KDC and the Impalads by NTP (chronyc tracking shows how far it is off)",
      ja: "このホスト、KDC、Impalad の時計を NTP で合わせてください (ずれは chronyc tracking で確認できます)",
    },
  },
  "unknown-client": {
    reason: { en: "the KDC does not know this principal", ja: "KDC にこのプリンシパルがありません" },
    remedy: {
      en: "correct kerberos.principal, or have the principal created and its keytab exported again",
      ja: "kerberos.principal を修正するか、プリンシパルを作成して keytab を再度エクスポートしてください",
    },
  },
  "unknown-service": {
    reason: {
      en: "the KDC does not know the Impalad's principal",
      ja: "KDC に Impalad のプリンシパルがありません",
    },
    remedy: {
      en: "the backend's host name must be the one of its principal: compare `klist -k` of the Impalad's keytab, and the name's forward and reverse entries",
      ja: "バックエンドのホスト名は Impalad のプリンシパルのホスト名と同じでなければなりません。Impalad の keytab の `klist -k` と、名前の正引き・逆引きを確認してください",
    },
  },
  "wrong-key": {
    reason: {
      en: "the key in the keytab is not the principal's present key",
      ja: "keytab の鍵がプリンシパルの現在の鍵と一致しません",
    },
    remedy: {
      en: "export the keytab again: its keys were made anew since (`klist -kt` shows the key versions, `kinit -kt KEYTAB PRINCIPAL` must work)",
      ja: "鍵が更新されているため、keytab を再度エクスポートしてください (鍵バージョンは `klist -kt` で確認でき、`kinit -kt KEYTAB PRINCIPAL` が成功する必要があります)",
    },
  },
  "key-version": {
    reason: {
      en: "the ticket was made with a key version that the keytab does not have",
      ja: "チケットの鍵バージョンが keytab にありません",
    },
    remedy: {
      en: "export the keytab again, or let clients get new tickets after a change of keys (`kvno NAME` beside `klist -kt`)",
      ja: "keytab を再度エクスポートするか、鍵の変更後にクライアントのチケットを取り直してください (`kvno NAME` と `klist -kt` を比較)",
    },
  },
  "account-expired": {
    reason: {
      en: "the principal, or its key, has expired or is locked",
      ja: "プリンシパルまたはその鍵の有効期限が切れているか、ロックされています",
    },
    remedy: {
      en: "have its expiry lifted at the KDC (or in Active Directory: password never expires, account enabled)",
      ja: "KDC で期限を延長してください (Active Directory ではパスワードを無期限にし、アカウントを有効にします)",
    },
  },
  "ticket-expired": {
    reason: { en: "the ticket has expired", ja: "チケットの有効期限が切れています" },
    remedy: {
      en: "the client must get a new one (kinit; Hue's kt_renewer must run)",
      ja: "クライアントでチケットを取り直してください (kinit。Hue では kt_renewer が動いている必要があります)",
    },
  },
  "other-principal": {
    reason: {
      en: "the other side has the key of another principal",
      ja: "相手が持つ鍵は別のプリンシパルのものです",
    },
    remedy: {
      en: "the Impalad's keytab must hold SERVICE/HOST with the host name of the backend (`klist -kt` there); with Impala's load balancer principal an Impalad may no longer answer to its own name",
      ja: "Impalad の keytab にはバックエンドのホスト名の SERVICE/HOST が必要です (Impalad のホストで `klist -kt`)。Impala のロードバランサー用プリンシパルを設定すると、Impalad が自分の名前に応答しない場合があります",
    },
  },
  replay: {
    reason: { en: "the same login has been seen before", ja: "同じログインが既に使われています" },
    remedy: {
      en: "somebody sends recorded logins again, or the host's clock goes back",
      ja: "記録されたログインが再送されているか、ホストの時計が戻っています",
    },
  },
  "no-kdc": {
    reason: { en: "no KDC of the realm answers", ja: "レルムの KDC が応答しません" },
    remedy: {
      en: "check the realm's kdc entries in /etc/krb5.conf and that port 88 (TCP and UDP) is open from here",
      ja: "/etc/krb5.conf のレルムの kdc と、このホストからポート 88 (TCP/UDP) に届くことを確認してください",
    },
  },
  "no-answer": {
    reason: { en: "Kerberos has not answered in time", ja: "Kerberos が時間内に応答しませんでした" },
    remedy: {
      en: "check that the KDCs in /etc/krb5.conf are up and reachable, the first one above all",
      ja: "/etc/krb5.conf の KDC (特に先頭のもの) が動作していて到達できることを確認してください",
    },
  },
  "wrong-realm": {
    reason: { en: "the realm is another one than the KDC's", ja: "レルムが KDC のものと異なります" },
    remedy: {
      en: "check default_realm and [domain_realm] in /etc/krb5.conf, and the realm of kerberos.principal",
      ja: "/etc/krb5.conf の default_realm と [domain_realm]、および kerberos.principal のレルムを確認してください",
    },
  },
  encryption: {
    reason: { en: "no encryption type in common", ja: "共通の暗号化方式がありません" },
    remedy: {
      en: "export the keytab with AES keys, and allow them in /etc/krb5.conf (permitted_enctypes, the crypto policy)",
      ja: "AES の鍵で keytab をエクスポートし、/etc/krb5.conf (permitted_enctypes、暗号ポリシー) で許可してください",
    },
  },
  other: {
    reason: { en: "Kerberos refused", ja: "Kerberos が拒否しました" },
    remedy: {
      en: "try the same with `kinit -kt KEYTAB PRINCIPAL` and `kvno SERVICE/HOST`; KRB5_TRACE=/dev/stderr tells each step",
      ja: "`kinit -kt KEYTAB PRINCIPAL` と `kvno SERVICE/HOST` で同じことを試してください。KRB5_TRACE=/dev/stderr で各手順が表示されます",
    },
  },
} as const satisfies Record<string, KerberosFault>;

export type KerberosFaultName = keyof typeof KERBEROS_FAULTS;
