import type { Text } from "../../domain/text.ts";
import { PASSWORD_VARIABLE } from "../../domain/well-known.ts";
import type { OptionKey } from "../../setup/answers/options.ts";

/** A variable that is no option's own: those are derived from the flags. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly help: Text;
  /** Only commands that take this option read the variable. */
  readonly usedWith?: OptionKey;
}

export const ENVIRONMENT: readonly EnvironmentVariable[] = [
  {
    name: PASSWORD_VARIABLE,
    usedWith: "cmUser",
    help: {
      en: "password of the Cloudera Manager user, if no file or standard input gives it",
      ja: "Cloudera Manager のパスワード (ファイルや標準入力で与えないとき)",
    },
  },
  {
    name: "CREDENTIALS_DIRECTORY",
    usedWith: "cmUser",
    help: {
      en: "set by systemd: the password is its credential cm-password",
      ja: "systemd が設定する。クレデンシャル cm-password がパスワード",
    },
  },
  {
    name: "NO_COLOR",
    usedWith: "color",
    help: { en: "no colours if not empty", ja: "空でなければ色を使わない" },
  },
  {
    name: "FORCE_COLOR, CLICOLOR_FORCE",
    usedWith: "color",
    help: { en: "colours without a terminal too", ja: "端末でなくても色を使う" },
  },
  {
    name: "LC_ALL, LC_MESSAGES, LANG",
    usedWith: "lang",
    help: {
      en: "language, the first that is set: Japanese for ja with UTF-8, else English",
      ja: "表示言語。最初に設定されているものが ja かつ UTF-8 なら日本語、それ以外は英語",
    },
  },
];
