import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";
import { KERBEROS_FAULTS } from "../../kerberos.ts";

const KEYTAB = "/etc/hue-impala-setup/hue.keytab";
const PRINCIPAL = "hue/hue1.example.com@EXAMPLE.COM";

/** What is missing to speak Kerberos. */
export const KERBEROS_PARTS = {
  /** @param packages what npm installs, with the version */
  koffi: (packages: string): { what: Text; remedy: Text } => ({
    what: {
      en: "the package that calls the system's Kerberos library is not installed",
      ja: "システムの Kerberos ライブラリーを呼び出すパッケージがインストールされていません",
    },
    remedy: {
      en: `run \`npm install ${packages}\` where hue-impala-setup is installed (beside the single file: in its folder); it was left out as an optional dependency`,
      ja: `hue-impala-setup のインストール先 (単一ファイル版ではそのフォルダー) で \`npm install ${packages}\` を実行してください。オプションの依存パッケージとして省かれています`,
    },
  }),
  library: {
    what: {
      en: "the system's Kerberos library (libgssapi_krb5.so.2) cannot be loaded",
      ja: "システムの Kerberos ライブラリー (libgssapi_krb5.so.2) を読み込めません",
    },
    remedy: {
      en: "install it: `dnf install krb5-libs` (Red Hat), `apt install libgssapi-krb5-2` (Debian, Ubuntu)",
      ja: "インストールしてください: `dnf install krb5-libs` (Red Hat)、`apt install libgssapi-krb5-2` (Debian、Ubuntu)",
    },
  },
} as const;

/** Sentences of `keytab-bad`. */
export const KEYTAB_FAULTS = {
  notKeytab: { en: "it is not a keytab (version 5.2)", ja: "keytab (バージョン 5.2) ではありません" },
  truncated: { en: "it ends in the middle of an entry", ja: "エントリーの途中で終わっています" },
  malformed: { en: "an entry is not well-formed", ja: "エントリーの形式が正しくありません" },
  empty: { en: "it holds no key", ja: "鍵がありません" },
} as const satisfies Record<string, Text>;

/** Why a listener cannot speak Kerberos. */
export const BALANCER_KERBEROS_FAILURES = {
  "keytab-and-principal": failureRow({
    kind: "usage",
    message: {
      en: "--kerberos-keytab and --kerberos-principal belong together",
      ja: "--kerberos-keytab と --kerberos-principal は両方指定してください",
    },
    hint: {
      en: "name both: `klist -k FILE` lists the principals of a keytab",
      ja: "keytab 内のプリンシパルは `klist -k FILE` で確認できます",
    },
  }),
  "keytab-missing": failureRow<{ listener: string; path: string }>({
    kind: "settings",
    message: ({ listener, path }) => ({
      en: `listener "${listener}": there is no keytab ${path}`,
      ja: `リスナー "${listener}": keytab ${path} がありません`,
    }),
    hint: {
      en: "export one for Hue's principal (Hue's own is hue_keytab in [desktop] [[kerberos]]), and name it in kerberos.keytab",
      ja: "Hue のプリンシパルの keytab をエクスポートし (Hue 自身のものは [desktop] [[kerberos]] の hue_keytab)、kerberos.keytab に指定してください",
    },
    example: { listener: "impala", path: KEYTAB },
  }),
  "keytab-unreadable": failureRow<{ listener: string; path: string; reason: Text }>({
    kind: "auth",
    message: ({ listener, path, reason }) => ({
      en: `listener "${listener}": keytab ${path}: ${reason.en}`,
      ja: `リスナー "${listener}": keytab ${path}: ${reason.ja}`,
    }),
    hint: {
      en: "let the balancer's user read it (mode 0400, its own copy), or hand it over with LoadCredential= in the unit",
      ja: "ロードバランサーのユーザーが読めるようにするか (専用のコピー、モード 0400)、ユニットの LoadCredential= で渡してください",
    },
    example: {
      listener: "impala",
      path: KEYTAB,
      reason: {
        en: "EACCES: permission denied, open '/etc/hue-impala-setup/hue.keytab'",
        ja: "アクセスが拒否されました (EACCES)",
      },
    },
  }),
  "keytab-bad": failureRow<{ listener: string; path: string; reason: Text }>({
    kind: "settings",
    message: ({ listener, path, reason }) => ({
      en: `listener "${listener}": keytab ${path}: ${reason.en}`,
      ja: `リスナー "${listener}": keytab ${path}: ${reason.ja}`,
    }),
    hint: {
      en: "export it again; `klist -kt` must read it",
      ja: "再度エクスポートし、`klist -kt` で読めることを確認してください",
    },
    example: { listener: "impala", path: KEYTAB, reason: KEYTAB_FAULTS.notKeytab },
  }),
  "keytab-principal": failureRow<{
    listener: string;
    path: string;
    principal: string;
    names: readonly string[];
  }>({
    kind: "settings",
    message: ({ listener, path, principal, names }) => ({
      en: `listener "${listener}": ${principal} is not in the keytab ${path}, which has ${names.join(", ")}`,
      ja: `リスナー "${listener}": ${principal} が keytab ${path} にありません (あるもの: ${names.join("、")})`,
    }),
    hint: {
      en: "name one of these as kerberos.principal, with its realm, or export the keytab of that principal",
      ja: "このいずれかをレルムまで含めて kerberos.principal に指定するか、そのプリンシパルの keytab をエクスポートしてください",
    },
    example: {
      listener: "impala",
      path: KEYTAB,
      principal: PRINCIPAL,
      names: ["hue/hue1.example.com@OTHER.COM"],
    },
  }),
  "kerberos-parts": failureRow<{ what: Text; remedy: Text; reason: string }>({
    kind: "settings",
    message: ({ what, reason }) => ({
      en: `Kerberos: ${what.en} (${reason})`,
      ja: `Kerberos: ${what.ja} (${reason})`,
    }),
    hint: ({ remedy }) => remedy,
    example: {
      ...KERBEROS_PARTS.library,
      reason: "libgssapi_krb5.so.2: cannot open shared object file: No such file or directory",
    },
  }),
  "kerberos-address": failureRow<{ listener: string; backend: string; address: string }>({
    kind: "settings",
    message: ({ listener, backend, address }) => ({
      en: `listener "${listener}": backend "${backend}" is given by its address ${address}, but an Impalad's principal is made of its host name`,
      ja: `リスナー "${listener}": バックエンド "${backend}" が IP アドレス ${address} で指定されていますが、Impalad のプリンシパルにはホスト名が使われます`,
    }),
    hint: {
      en: "write the Impalad's full host name in backends.address",
      ja: "backends.address には Impalad の完全なホスト名を指定してください",
    },
    example: { listener: "impala", backend: "impala1", address: "10.0.0.1:21050" },
  }),
  "kerberos-ticket": failureRow<{
    listener: string;
    principal: string;
    reason: Text;
    remedy: Text;
    detail: string;
  }>({
    kind: "auth",
    message: ({ listener, principal, reason, detail }) => ({
      en: `listener "${listener}": no ticket for ${principal}: ${reason.en} (${detail})`,
      ja: `リスナー "${listener}": ${principal} のチケットを取得できません: ${reason.ja} (${detail})`,
    }),
    hint: ({ remedy }) => remedy,
    example: {
      listener: "impala",
      principal: PRINCIPAL,
      ...KERBEROS_FAULTS["wrong-key"],
      detail: "Preauthentication failed",
    },
  }),
} as const;

export const balancerKerberosFailure = failuresOf(BALANCER_KERBEROS_FAILURES);
