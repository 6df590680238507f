import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";
import { systemText } from "../../errno.ts";

/** What ended an apply, said of the whole. */
export const APPLY_WORDS = {
  strangeRecord: (record: string): Text => ({
    en: `${record} looks like a recovery record of an older version, but anybody who may write to that folder can have put it there: it was not believed and left alone; remove it`,
    ja: `${record} は旧バージョンの復旧記録のように見えますが、そのフォルダーに書き込める人なら誰でも置けるため、使用せずに残しました。削除してください`,
  }),
  unrestarted: (reason: Text): Text => ({
    en: `everything is set, but Hue was not restarted: ${reason.en}`,
    ja: `設定はすべて済みましたが、Hue は再起動していません: ${reason.ja}`,
  }),
  takenBack: {
    en: "interrupted; what had been changed was taken back",
    ja: "中断しました。変更した内容は元に戻しました",
  },
  backup: (path: string): Text => ({ en: `backup: ${path}`, ja: `バックアップ: ${path}` }),
  runsAlready: {
    en: "Hue runs with this configuration already",
    ja: "Hue はすでにこの設定で動いています",
  },
} as const;

/** Where the apply's records are. */
type InFolder = { readonly reason: Text; readonly reading: boolean };

/** How carrying out a plan, or taking one back, can end. */
export const APPLY_FAILURES = {
  unreadable: failureRow<{ path: string; reason: Text; denied: boolean }>({
    kind: ({ denied }) => (denied ? "auth" : "failed"),
    message: ({ path, reason }) => ({ en: `${path}: ${reason.en}`, ja: `${path}: ${reason.ja}` }),
    hint: ({ denied }) =>
      denied
        ? {
            en: "run as root or as the file's owner",
            ja: "root かファイルの所有者で実行してください",
          }
        : undefined,
    example: {
      path: "/etc/hue/hue.ini",
      reason: systemText(
        Object.assign(new Error("EACCES: permission denied, open '/etc/hue/hue.ini'"), { code: "EACCES" }),
      ),
      denied: true,
    },
  }),
  "not-writable": failureRow<{ path: string }>({
    kind: "auth",
    message: ({ path }) => ({
      en: `${path} cannot be written by this account`,
      ja: `このアカウントでは ${path} に書き込めません`,
    }),
    hint: {
      en: "run as root or as the owner of the file; --dry-run shows the diff without it",
      ja: "root かファイルの所有者で実行してください。--dry-run なら権限がなくても差分を表示します",
    },
    example: { path: "/etc/hue/hue.ini" },
  }),
  "no-backend-up": failureRow<{ unit: string; seconds: number }>({
    kind: "failed",
    message: ({ unit, seconds }) => ({
      en: `${unit} runs, but none of its Impalads has passed a check within ${seconds} s`,
      ja: `${unit} は動いていますが、${seconds} 秒以内にチェックに合格した Impalad がありません`,
    }),
    hint: {
      en: "start an Impalad; `hue-impala-setup discover` and `balancer status` tell more",
      ja: "Impalad を起動してください。詳しくは `hue-impala-setup discover` と `balancer status` で確認できます",
    },
    example: { unit: "hue-impala-setup-balancer.service", seconds: 30 },
  }),
  "partly-applied": failureRow<{ reason: Text; way: Text; journal: string }>({
    kind: "partial",
    message: ({ reason, way }) => ({
      en: `${reason.en}; taking the changes back failed too: ${way.en}`,
      ja: `${reason.ja}。変更を元に戻すこともできませんでした: ${way.ja}`,
    }),
    hint: ({ journal }) => ({
      en: `look at ${journal}, correct the cause and run: hue-impala-setup undo`,
      ja: `${journal} を確認し、原因を取り除いてから hue-impala-setup undo を実行してください`,
    }),
    example: {
      reason: { en: "the unit is masked", ja: "ユニットがマスクされています" },
      way: { en: "hue.ini has been changed", ja: "hue.ini が変更されています" },
      journal: "/var/lib/hue-impala-setup/journal/20260101T000000000Z.journal.json",
    },
  }),
  "changed-since": failureRow<{ what: string; backup?: string | undefined }>({
    kind: "failed",
    message: ({ what }) => ({
      en: `${what} has been changed since it was set up; it is left as it is`,
      ja: `${what} は設定後に変更されているため、そのままにします`,
    }),
    hint: ({ backup }) => ({
      en: `take the change back by hand${backup === undefined ? "" : ` (the content before is kept in ${backup})`}`,
      ja: `手動で元に戻してください${backup === undefined ? "" : ` (変更前の内容は ${backup} にあります)`}`,
    }),
    example: { what: "/etc/hue/hue.ini", backup: "/etc/hue/hue.ini.20260101T000000Z.bak" },
  }),
  "state-dir": failureRow<InFolder>({
    kind: "auth",
    message: ({ reason }) => ({ en: `--state-dir: ${reason.en}`, ja: `--state-dir: ${reason.ja}` }),
    hint: ({ reading }) =>
      reading
        ? { en: "run as the user who applied", ja: "適用したユーザーで実行してください" }
        : {
            en: "run as root, or name a folder of yours",
            ja: "root で実行するか、自分のフォルダーを指定してください",
          },
    example: {
      reason: { en: "permission denied", ja: "アクセスが拒否されました" },
      reading: false,
    },
  }),
  "journal-unreadable": failureRow<{ path: string; reason: Text }>({
    kind: "unparsable",
    message: ({ path, reason }) => ({
      en: `${path}: ${reason.en}`,
      ja: `${path} を読み取れません: ${reason.ja}`,
    }),
    hint: {
      en: "restore from the backups beside the files",
      ja: "各ファイルの横にあるバックアップから復元してください",
    },
    example: {
      path: "/var/lib/hue-impala-setup/journal/20260101T000000000Z.journal.json",
      reason: { en: "Unexpected end of JSON input", ja: "Unexpected end of JSON input" },
    },
  }),
} as const;

export const applyFailure = failuresOf(APPLY_FAILURES);
