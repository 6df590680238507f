import { failureRow } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";
import { NOT_TEXT } from "../../../domain/words/decode-text.ts";

/** What stands where a regular file was expected. */
export const KINDS = {
  pipe: { en: "a named pipe (FIFO)", ja: "名前付きパイプ (FIFO)" },
  socket: { en: "a socket", ja: "ソケット" },
  device: { en: "a device", ja: "デバイス" },
  kernel: {
    en: "made by the kernel while it is read (/proc, /sys)",
    ja: "カーネルが生成する仮想ファイル (/proc、/sys)",
  },
  other: { en: "something else", ja: "別の種類のもの" },
} as const satisfies Record<string, Text>;

export type OddKind = keyof typeof KINDS;

/** Inputs (password, authority, answers, specification, hue.ini, keys) that are not read. */
export const INPUT_FAILURES = {
  "is-folder": failureRow<{ path: string }>({
    kind: "settings",
    message: ({ path }) => ({ en: `${path} is a folder`, ja: `${path} はフォルダーです` }),
    hint: { en: "name a file in it", ja: "その中のファイルを指定してください" },
    example: { path: "/etc/hue/conf" },
  }),
  "not-regular": failureRow<{ what: Text; path: string; kind: OddKind }>({
    kind: "settings",
    message: ({ what, path, kind }) => ({
      en: `${what.en}: ${path} is not a regular file but ${KINDS[kind].en}`,
      ja: `${what.ja}: ${path} は通常のファイルではありません (${KINDS[kind].ja})`,
    }),
    hint: {
      en: "name a regular file; nothing else is read",
      ja: "通常のファイルを指定してください。それ以外は読み取りません",
    },
    example: { what: { en: "the password", ja: "パスワード" }, path: "/run/secret.fifo", kind: "pipe" },
  }),
  "not-text": failureRow<{ what: Text; path: string; reason: Text }>({
    kind: "settings",
    message: ({ what, path, reason }) => ({
      en: `${what.en}: ${path} cannot be used: ${reason.en}`,
      ja: `${what.ja}: ${path} は使えません: ${reason.ja}`,
    }),
    hint: {
      en: "save it as UTF-8 text, for example with iconv -t UTF-8",
      ja: "UTF-8 のテキストとして保存してください (例: iconv -t UTF-8)",
    },
    example: { what: { en: "the password", ja: "パスワード" }, path: "cm.pw", reason: NOT_TEXT.nul(1) },
  }),
  "too-large": failureRow<{ what: Text; path: string; size: number | undefined; most: number }>({
    kind: "settings",
    message: ({ what, path, size, most }) => ({
      en: `${what.en}: ${path} has ${size === undefined ? `more than ${bytes(most)}` : bytes(size)}; at most ${bytes(most)} are read`,
      ja: `${what.ja}: ${path} のサイズは ${size === undefined ? `${bytes(most)} を超えています` : `${bytes(size)} です`}。読み取れるのは ${bytes(most)} までです`,
    }),
    hint: {
      en: "check that this is the file you mean",
      ja: "正しいファイルを指定しているか確認してください",
    },
    example: {
      what: { en: "hue.ini", ja: "hue.ini" },
      path: "/etc/hue/conf/hue.ini",
      size: 209_715_200,
      most: 16_777_216,
    },
  }),
} as const;

/** A size in bytes for people: `16 MiB`, `200 bytes`. */
function bytes(size: number): string {
  if (size < 1024) return `${size} bytes`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = size / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[unit]}`;
}
