import type { Text } from "../domain/text.ts";

/** Why a file was rewritten in place instead of being replaced by a new one. */
export const IN_PLACE = {
  hardLinks: (names: number): Text => ({
    en: `it has ${names} names (hard links), and all of them must stay the same file`,
    ja: `${names} 個の名前 (ハードリンク) があり、すべて同じファイルのままにする必要があります`,
  }),
  mountedElsewhere: (place: string): Text => ({
    en: `it is mounted at ${place} (in a container?), which would keep the old file`,
    ja: `${place} にマウントされており (コンテナー?)、置き換えるとそこには古いファイルが残ります`,
  }),
  attributes: (reason: string): Text => ({
    en: `its attributes cannot be given to a new file (${reason})`,
    ja: `属性を新しいファイルに引き継げません (${reason})`,
  }),
  closedFolder: { en: "its folder cannot be written to", ja: "フォルダーに書き込めません" },
  noNewFiles: {
    en: "its folder does not permit new files",
    ja: "フォルダーに新しいファイルを作成できません",
  },
  readOnlyFolder: { en: "its folder is read-only", ja: "フォルダーが読み取り専用です" },
  noReplacing: {
    en: "its folder does not permit replacing it",
    ja: "フォルダーの設定により置き換えられません",
  },
  mountPoint: {
    en: "it is a mount point, such as a single file mounted into a container",
    ja: "コンテナーに単独でマウントされたファイルなどのマウントポイントです",
  },
} as const;

/** For the report: that a file was rewritten in place, and why. */
export function rewrittenInPlace(path: string, reason: Text): Text {
  return {
    en: `${path} was rewritten in place: ${reason.en}`,
    ja: `${path} は置き換えずに直接書き換えました: ${reason.ja}`,
  };
}
