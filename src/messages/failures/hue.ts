import { type FailureRow, failureRow, failuresOf } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";

interface BadSetting {
  readonly key: string;
  /** As it was given; text in quotes. */
  readonly value: string;
  readonly reason: Text;
  readonly hint: Text;
}

function badSetting(key: string, value: string): FailureRow<BadSetting> {
  return {
    kind: "settings",
    message: (bad) => ({
      en: `${bad.key} ${bad.value} ${bad.reason.en}`,
      ja: `${bad.key} ${bad.value} ${bad.reason.ja}`,
    }),
    hint: ({ hint }) => hint,
    example: {
      key,
      value,
      reason: { en: "is empty", ja: "は空です" },
      hint: {
        en: "give one host name or address, for example lb.example.com",
        ja: "ホスト名かアドレスを 1 つ指定してください (例: lb.example.com)",
      },
    },
  };
}

const REPORT: Text = {
  en: "this is a mistake in hue-impala-setup; please report it with the file",
  ja: "これは hue-impala-setup の不具合です。ファイルを添えて報告してください",
};

/** Why a text of Hue's configuration is not read or edited. */
export const HUE_FAILURES = {
  "bad-server-host": badSetting("server_host", '""'),
  "bad-server-port": badSetting("server_port", "0"),
  "bad-server-conn-timeout": badSetting("server_conn_timeout", "0"),
  "bad-setting": badSetting("query_timeout_s", "-1"),
  "impala-is-a-value": failureRow<{ line: number; name: string; header: string }>({
    kind: "unparsable",
    message: ({ line, name, header }) => ({
      en: `line ${line} gives ${name} a value, so that there can be no section ${header}`,
      ja: `${line} 行目で ${name} に値が設定されているため、セクション ${header} を作れません`,
    }),
    hint: {
      en: "remove that line or move it below the section it belongs to",
      ja: "その行を削除するか、本来のセクションの下に移してください",
    },
    example: { line: 3, name: "impala", header: "[impala]" },
  }),
  "setting-is-a-section": failureRow<{ line: number; header: string; section: string }>({
    kind: "unparsable",
    message: ({ line, header }) => ({
      en: `line ${line} opens a section ${header} where Hue expects a value`,
      ja: `${line} 行目はセクション ${header} を開いていますが、Hue はここに値を期待します`,
    }),
    hint: ({ header, section }) => ({
      en: `remove the section ${header} from ${section}`,
      ja: `${section} からセクション ${header} を削除してください`,
    }),
    example: { line: 4, header: "[[server_host]]", section: "[impala]" },
  }),
  "self-check": failureRow({
    kind: "failed",
    message: {
      en: "the edited text does not mean what it should: nothing was written",
      ja: "編集後の内容が意図したものになりません。何も書き込んでいません",
    },
    hint: REPORT,
  }),
  "no-conf-folder": failureRow<{ path: string }>({
    kind: "settings",
    message: ({ path }) => ({ en: `${path} is not a folder`, ja: `${path} はフォルダーではありません` }),
    hint: { en: "name the hue.ini that Hue reads", ja: "Hue が読む hue.ini を指定してください" },
    example: { path: "/etc/hue/conf" },
  }),
  "unreadable-conf": failureRow<{ path: string; reason: Text }>({
    kind: "auth",
    message: ({ path, reason }) => ({ en: `${path}: ${reason.en}`, ja: `${path}: ${reason.ja}` }),
    hint: { en: "run as root or as Hue's user", ja: "root か Hue のユーザーで実行してください" },
    example: {
      path: "/etc/hue/conf/hue.ini",
      reason: { en: "EACCES: permission denied", ja: "アクセスが拒否されました (EACCES)" },
    },
  }),
} as const;

export const hueFailure = failuresOf(HUE_FAILURES);
