import { errnoOf, Failure, messageOf } from "../domain/failure.ts";
import { sameText, type Text } from "../domain/text.ts";

/**
 * The usual error numbers of files, programs, sockets and name lookups, in a few words, by the name that Node gives.
 */
const ERRNO: Readonly<Record<string, Text>> = {
  // Files and folders.
  EACCES: { en: "permission denied", ja: "アクセスが拒否されました" },
  EBADF: { en: "the file is not open", ja: "ファイルが開かれていません" },
  EBUSY: { en: "it is in use or a mount point", ja: "使用中か、マウントポイントです" },
  EDQUOT: { en: "the disk quota is used up", ja: "ディスククォータを使い切りました" },
  EEXIST: { en: "it exists already", ja: "すでに存在します" },
  EFBIG: { en: "the file would be too large", ja: "ファイルが大きすぎます" },
  EIO: { en: "the disk reports an error", ja: "ディスクがエラーを報告しました" },
  EISDIR: { en: "it is a folder", ja: "フォルダーです" },
  ELOOP: { en: "its symbolic links go in a circle", ja: "シンボリックリンクが循環しています" },
  EMFILE: { en: "this process has too many open files", ja: "このプロセスが開いているファイルが多すぎます" },
  ENAMETOOLONG: { en: "the name is too long", ja: "名前が長すぎます" },
  ENFILE: { en: "the system has too many open files", ja: "システム全体で開いているファイルが多すぎます" },
  ENODEV: { en: "there is no such device", ja: "該当するデバイスがありません" },
  ENOENT: { en: "it does not exist", ja: "存在しません" },
  ENOSPC: { en: "the disk is full", ja: "ディスクの空き容量がありません" },
  ENOTDIR: { en: "part of the path is not a folder", ja: "パスの途中がフォルダーではありません" },
  ENOTEMPTY: { en: "the folder is not empty", ja: "フォルダーが空ではありません" },
  ENXIO: { en: "nobody is at the other end", ja: "接続先がありません" },
  EPERM: {
    en: "the system does not permit it, even to this user",
    ja: "このユーザーでもシステムが許可しません",
  },
  EROFS: { en: "the file system is read-only", ja: "ファイルシステムが読み取り専用です" },
  ESTALE: {
    en: "the network file system has lost the file",
    ja: "ネットワークファイルシステムがファイルを失いました",
  },
  ETXTBSY: { en: "it is in use", ja: "使用中です" },
  EXDEV: { en: "it is on another file system", ja: "別のファイルシステムにあります" },
  // Programs and memory.
  E2BIG: { en: "the arguments are too long", ja: "引数が長すぎます" },
  EAGAIN: {
    en: "the system has no resources for it at the moment",
    ja: "システムのリソースが一時的に不足しています",
  },
  ENOEXEC: { en: "it is not a program", ja: "実行できるプログラムではありません" },
  ENOMEM: { en: "there is no memory left", ja: "メモリーが不足しています" },
  // Sockets.
  EADDRINUSE: { en: "the address is in use", ja: "アドレスは使用中です" },
  EADDRNOTAVAIL: { en: "it is not an address of this host", ja: "このホストのアドレスではありません" },
  EAFNOSUPPORT: {
    en: "the address family is switched off on this host",
    ja: "このホストではアドレスファミリーが無効です",
  },
  ECONNABORTED: { en: "the connection was given up", ja: "接続が中止されました" },
  ECONNREFUSED: { en: "the connection was refused", ja: "接続が拒否されました" },
  ECONNRESET: { en: "the other side cut the connection", ja: "接続が相手側から切断されました" },
  EHOSTDOWN: { en: "the host is down", ja: "ホストが停止しています" },
  EHOSTUNREACH: { en: "no way leads to the host", ja: "ホストに到達できません" },
  ENETDOWN: { en: "the network is down", ja: "ネットワークが停止しています" },
  ENETUNREACH: { en: "no way leads to the network", ja: "ネットワークに到達できません" },
  ENOBUFS: { en: "the system has no network buffers left", ja: "ネットワークバッファーが不足しています" },
  ENOTCONN: { en: "there is no connection", ja: "接続されていません" },
  EPIPE: { en: "the other side has closed the connection", ja: "相手側が接続を閉じました" },
  ETIMEDOUT: { en: "no answer came in time", ja: "時間内に応答がありませんでした" },
  // Name lookups.
  EAI_AGAIN: { en: "the name server does not answer", ja: "ネームサーバーが応答しません" },
  ENODATA: { en: "the name has no address", ja: "名前にアドレスがありません" },
  ENOTFOUND: { en: "the host name is not known", ja: "ホスト名が見つかりません" },
  ESERVFAIL: { en: "the name server failed", ja: "ネームサーバーでエラーが発生しました" },
};

/** An errno name such as `ENOSPC` in a few words; undefined for one that has no words here. */
export function errnoText(code: string | undefined): Text | undefined {
  return code === undefined || !Object.hasOwn(ERRNO, code) ? undefined : ERRNO[code];
}

/**
 * What was thrown, for embedding in a row: in English as Node says it (`ENOENT: no such file or directory, open '/x'`),
 * in Japanese in words of its own with the name, the call and the path behind them. Not for errors that may hold
 * secrets.
 */
export function systemText(thrown: unknown): Text {
  if (thrown instanceof Failure) return thrown.text;
  const message = messageOf(thrown);
  const code = errnoOf(thrown);
  const words = errnoText(code);
  if (code === undefined || words === undefined) return sameText(message);
  // Node's own wording between the name and the call says the same again.
  const prefix = `${code}: `;
  const detail = message.startsWith(prefix)
    ? [code, ...message.slice(prefix.length).split(", ").slice(1)].join(", ")
    : message;
  return { en: message, ja: `${words.ja} (${detail})` };
}
