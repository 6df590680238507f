import { failureRow } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";
import { errnoText } from "../../errno.ts";

/** What was to be done with a file. */
export type FileAction = "read" | "write" | "rewrite" | "remove" | "clean up" | "lock";

const CANNOT: Record<FileAction, (path: string) => string> = {
  read: (path) => `${path} を読み取れません`,
  write: (path) => `${path} に書き込めません`,
  rewrite: (path) => `${path} を書き換えられません`,
  remove: (path) => `${path} を削除できません`,
  "clean up": (path) => `${path} の後片付けができません`,
  lock: (path) => `${path} のロックを取得できません`,
};

/** `cannot write PATH: REASON`. */
export function cannot({ action, path, reason }: { action: FileAction; path: string; reason: Text }): Text {
  return {
    en: `cannot ${action} ${path}: ${reason.en}`,
    ja: `${CANNOT[action](path)}: ${reason.ja}`,
  };
}

export interface FileProblem {
  readonly action: FileAction;
  readonly path: string;
  readonly reason: Text;
}

const EXAMPLE = { action: "write", path: "/etc/hue/conf/hue.ini" } as const;

function example(code: string): FileProblem {
  return { ...EXAMPLE, reason: errnoText(code) ?? { en: code, ja: code } };
}

/** What somebody else has done to a file since it was read. */
const MEANWHILE = {
  changed: {
    en: "has been changed by someone else since it was read",
    ja: "読み取り後に別の者によって変更されました",
  },
  removed: { en: "has been removed by someone else", ja: "別の者によって削除されました" },
  created: { en: "has been created by someone else", ja: "別の者によって作成されました" },
} as const satisfies Record<string, Text>;

export type Meanwhile = keyof typeof MEANWHILE;

/** What somebody else did to a file, so that it has not been written. */
export function meanwhile(path: string, what: Meanwhile): Text {
  const { en, ja } = MEANWHILE[what];
  return { en: `${path} ${en}; it has not been written`, ja: `${path} は${ja}。書き込んでいません` };
}

/** Files that could not be read, written, removed or locked. */
export const FILE_FAILURES = {
  "disk-full": failureRow<FileProblem & { quota: boolean }>({
    kind: "failed",
    message: cannot,
    hint: ({ quota }) =>
      quota
        ? {
            en: "make room (quota -s), then run again",
            ja: "空きを作ってから (quota -s)、もう一度実行してください",
          }
        : {
            en: "make room (df -h, df -i), then run again",
            ja: "空きを作ってから (df -h、df -i)、もう一度実行してください",
          },
    example: { ...example("ENOSPC"), quota: false },
  }),
  "read-only": failureRow<FileProblem>({
    kind: "failed",
    message: cannot,
    hint: {
      en: "mount it for writing, or edit the file where it comes from (an image, a container's volume)",
      ja: "書き込み可能でマウントするか、ファイルの提供元 (イメージ、コンテナーのボリューム) で編集してください",
    },
    example: example("EROFS"),
  }),
  "not-permitted": failureRow<FileProblem>({
    kind: "failed",
    message: cannot,
    hint: {
      en: "look for the immutable or append-only attribute (lsattr) and the owner of the folder (ls -ld)",
      ja: "immutable または append-only 属性 (lsattr) と、フォルダーの所有者 (ls -ld) を確認してください",
    },
    example: example("EPERM"),
  }),
  denied: failureRow<{ reason: Text; hint: Text }>({
    kind: "auth",
    message: ({ reason }) => reason,
    hint: ({ hint }) => hint,
    example: {
      reason: cannot(example("EACCES")),
      hint: {
        en: "run as root or as the owner of the file",
        ja: "root またはファイルの所有者として実行してください",
      },
    },
  }),
  "link-loop": failureRow<{ reason: Text }>({
    kind: "failed",
    message: ({ reason }) => reason,
    hint: { en: "look at the links (namei -l)", ja: "リンクを確認してください (namei -l)" },
    example: { reason: cannot(example("ELOOP")) },
  }),
  "untrusted-link": failureRow<{ path: string; link: string | undefined; stranger: number; owner: number }>({
    kind: "auth",
    message: ({ path, link, stranger, owner }) => {
      if (link === undefined) {
        return {
          en: `${path} has several names and belongs to user ${owner}, but user ${stranger} may put files into its folder; it is not touched`,
          ja: `${path} には複数の名前 (ハードリンク) があり、所有者はユーザー ${owner} ですが、ユーザー ${stranger} がそのフォルダーにファイルを置けるため、使用しません`,
        };
      }
      const onTheWay = link !== path;
      return {
        en: `${link}${onTheWay ? `, on the way to ${path},` : ""} is a symbolic link that user ${stranger} controls and that leads to something of user ${owner}; it is not followed`,
        ja: `${onTheWay ? `${path} の途中にある ` : ""}${link} は、ユーザー ${stranger} が変更できるシンボリックリンクで、ユーザー ${owner} の所有物を指しているため、たどりません`,
      };
    },
    hint: {
      en: "give the path that is really meant, or let root or the file's owner own the link and its folder (ls -ld)",
      ja: "実際のパスを直接指定するか、リンクとそのフォルダーの所有者を root またはファイルの所有者にしてください (ls -ld)",
    },
    example: { path: "/etc/hue/conf/hue.ini", link: "/etc/hue/conf", stranger: 1001, owner: 0 },
  }),
  "untrusted-folder": failureRow<{ path: string; at: string; stranger: string }>({
    kind: "auth",
    message: ({ path, at, stranger }) => ({
      en: `${path} is not used: ${at} can be changed by ${stranger}`,
      ja: `${path} は使用しません: ${at} は ${stranger} が変更できます`,
    }),
    hint: {
      en: "let root (or the user who runs this) own the folder and those above it, and take the right to write from others: chmod go-w",
      ja: "フォルダーとその上位のフォルダーの所有者を root (または実行ユーザー) にし、他のユーザーの書き込み権限を外してください: chmod go-w",
    },
    example: { path: "/srv/state/journal", at: "/srv/state", stranger: "user 1001" },
  }),
  "not-found": failureRow<FileProblem>({
    kind: "failed",
    message: cannot,
    hint: { en: "check the path", ja: "パスを確認してください" },
    example: example("ENOENT"),
  }),
  "not-a-file": failureRow<{ reason: Text }>({
    kind: "failed",
    message: ({ reason }) => reason,
    hint: { en: "name the file itself", ja: "ファイルそのものを指定してください" },
    example: { reason: cannot(example("EISDIR")) },
  }),
  busy: failureRow<FileProblem & { program: boolean }>({
    kind: "failed",
    message: cannot,
    hint: ({ program }) =>
      program
        ? {
            en: "end what uses it (fuser -v), then run again",
            ja: "使用しているプロセスを終了してから (fuser -v)、もう一度実行してください",
          }
        : { en: "look at findmnt and fuser -v", ja: "findmnt と fuser -v で確認してください" },
    example: { ...example("EBUSY"), program: false },
  }),
  "io-error": failureRow<FileProblem>({
    kind: "failed",
    message: cannot,
    hint: { en: "look at the kernel log (dmesg)", ja: "カーネルログを確認してください (dmesg)" },
    example: example("EIO"),
  }),
  "file-error": failureRow<FileProblem>({
    kind: "failed",
    message: cannot,
    example: { ...EXAMPLE, reason: { en: "EDOM: unknown error, write", ja: "EDOM: unknown error, write" } },
  }),
  "changed-meanwhile": failureRow<{ reason: Text; kept?: string }>({
    kind: "failed",
    message: ({ reason }) => reason,
    hint: ({ kept }) =>
      kept === undefined
        ? { en: "run again", ja: "もう一度実行してください" }
        : {
            en: `run again; what this run would have written is in ${kept}`,
            ja: `もう一度実行してください。今回書き込むはずだった内容は ${kept} にあります`,
          },
    example: { reason: meanwhile("/etc/hue/conf/hue.ini", "changed") },
  }),
  "half-written": failureRow<{ why: Text; again: Text; record: string }>({
    kind: "partial",
    message: ({ why, again }) => ({
      en: `${why.en}; its old content could not be put back either (${again.en})`,
      ja: `${why.ja}。元の内容に戻すこともできませんでした (${again.ja})`,
    }),
    hint: ({ record }) => ({
      en: `the old and the new content are in ${record}; the next run puts the old one back`,
      ja: `元の内容と新しい内容は ${record} にあります。次回の実行時に元の内容に戻します`,
    }),
    example: {
      why: cannot(example("EIO")),
      again: { en: "EIO: i/o error, write", ja: "EIO: i/o error, write" },
      record: "/var/lib/hue-impala-setup/files/1f2e/.hue.ini.hue-impala-setup-recovery",
    },
  }),
  "being-written": failureRow<{ pid: number; path: string }>({
    kind: "locked",
    message: ({ pid, path }) => ({
      en: `process ${pid} is writing ${path}`,
      ja: `プロセス ${pid} が ${path} に書き込んでいます`,
    }),
    hint: { en: "wait until it has ended", ja: "終了するまでお待ちください" },
    example: { pid: 4711, path: "/etc/hue/conf/hue.ini" },
  }),
  locked: failureRow<{ pid: number | undefined; path: string; elsewhere?: { host: string; file: string } }>({
    kind: "locked",
    message: ({ pid, path, elsewhere }) => ({
      en: `another run (process ${pid}${elsewhere === undefined ? "" : ` on ${elsewhere.host}`}) holds the lock ${path}`,
      ja: `別の実行 (${elsewhere === undefined ? "" : `${elsewhere.host} の`}プロセス ${pid}) がロック ${path} を保持しています`,
    }),
    hint: ({ elsewhere }) =>
      elsewhere === undefined
        ? { en: "wait until it has ended, then run again", ja: "終了してから、もう一度実行してください" }
        : {
            en: `if no run is at work there, remove ${elsewhere.file}`,
            ja: `そのホストで実行中のものがなければ、${elsewhere.file} を削除してください`,
          },
    example: { pid: 4711, path: "/var/lib/hue-impala-setup/lock" },
  }),
} as const;
