import { failureRow, failuresOf } from "../../../domain/catalogue.ts";
import type { Text } from "../../../domain/text.ts";
import { PASSWORD_VARIABLE } from "../../../domain/well-known.ts";

const READABLE: Text = { en: "name a readable file", ja: "読み取れるファイルを指定してください" };

interface Problem {
  readonly text: Text;
  readonly hintText: Text | undefined;
}

/** What can be wrong with the value of an option. */
export const BAD_VALUE = {
  /** `name`: how the source calls the option. */
  of: (name: string, reason: Text): Text => ({ en: `${name}: ${reason.en}`, ja: `${name}: ${reason.ja}` }),
  quoted: (text: string, what: Text): Text => ({ en: `"${text}" ${what.en}`, ja: `"${text}" ${what.ja}` }),
  several: (problems: readonly Problem[]): Text => ({
    en: `${problems.length} settings are wrong:\n${list(problems, "en")}`,
    ja: `${problems.length} 個の設定が正しくありません:\n${list(problems, "ja")}`,
  }),
  neitherYesNorNo: { en: "is neither yes nor no", ja: "は true でも false でもありません" },
  empty: { en: "is empty", ja: "は空です" },
  noHost: ({ en, ja }: Text): Text =>
    en.startsWith("is not a host")
      ? { en, ja }
      : {
          en: `is not a host name or address: it ${en}`,
          ja: `はホスト名でもアドレスでもありません。値${ja}`,
        },
  noPort: (least: number, most: number): Text => ({
    en: `is not a port (${least} to ${most})`,
    ja: `はポート (${least}〜${most}) ではありません`,
  }),
  noSeconds: (least: number, most: number): Text => ({
    en: `is not a number of seconds (${least} to ${most})`,
    ja: `は秒数 (${least}〜${most}) ではありません`,
  }),
  noneOf: (choices: readonly string[]): Text => ({
    en: `is none of ${choices.join(", ")}`,
    ja: `は指定できません。指定できる値: ${choices.join(", ")}`,
  }),
} as const;

/** How to put it right. */
export const VALUE_HINT = {
  yesOrNo: { en: "write true or false", ja: "true または false と指定してください" },
  meant: (word: string): Text => ({ en: `did you mean ${word}?`, ja: `${word} ではありませんか?` }),
} as const;

/** What can be wrong with an answers file. */
export const ANSWERS_FAULTS = {
  noPairs: { en: 'expected "name: value" pairs', ja: '"名前: 値" の組が必要です' },
  noPlainValue: (path: string): Text => ({
    en: `${path} takes a plain value`,
    ja: `${path} には単純な値を指定してください`,
  }),
} as const;

/** Reading settings: flags, variables, answers files, the password. */
export const ANSWERS_FAILURES = {
  "bad-value": failureRow<{ reason: Text; hint?: Text | undefined }>({
    kind: "settings",
    message: ({ reason }) => reason,
    hint: ({ hint }) => hint,
    example: {
      reason: BAD_VALUE.of("--balance", BAD_VALUE.quoted("sesion", BAD_VALUE.noneOf(["session", "source"]))),
      hint: VALUE_HINT.meant("session"),
    },
  }),
  "answers-unreadable": failureRow<{ reason: Text; denied: boolean }>({
    kind: ({ denied }) => (denied ? "auth" : "settings"),
    message: ({ reason }) => ({ en: `--answers: ${reason.en}`, ja: `--answers: ${reason.ja}` }),
    hint: READABLE,
    example: {
      reason: {
        en: "ENOENT: no such file or directory, open 'answers.yaml'",
        ja: "存在しません (ENOENT, open 'answers.yaml')",
      },
      denied: false,
    },
  }),
  "answers-unparsable": failureRow<{ where: string; reason: Text; notYaml?: true }>({
    kind: "unparsable",
    message: ({ where, reason }) => ({ en: `${where}: ${reason.en}`, ja: `${where}: ${reason.ja}` }),
    hint: ({ notYaml }) =>
      notYaml
        ? { en: "the file is YAML or JSON", ja: "ファイルは YAML または JSON で書いてください" }
        : undefined,
    example: {
      where: "answers.yaml:3",
      reason: ANSWERS_FAULTS.noPlainValue("hue.serverPort"),
      notYaml: true,
    },
  }),
  "answers-version": failureRow<{ where: string; version: string; known: number }>({
    kind: "settings",
    message: ({ where, version }) => ({
      en: `${where}: version ${version} is not known`,
      ja: `${where}: バージョン ${version} には対応していません`,
    }),
    hint: ({ known }) => ({
      en: `write version: ${known}`,
      ja: `version: ${known} と指定してください`,
    }),
    example: { where: "answers.yaml:1", version: "2", known: 1 },
  }),
  "unknown-answer": failureRow<{
    where: string;
    path: string;
    known: readonly string[];
    meant?: string | undefined;
  }>({
    kind: "settings",
    message: ({ where, path }) =>
      isPassword(path)
        ? {
            en: `${where}: "${path}": passwords do not belong in an answers file`,
            ja: `${where}: "${path}": 回答ファイルにパスワードは書けません`,
          }
        : {
            en: `${where}: "${path}" is not a setting`,
            ja: `${where}: "${path}" という設定項目はありません`,
          },
    hint: ({ path, known, meant }) => {
      if (isPassword(path)) {
        return {
          en: `use cloudera.passwordFile, --cm-password-stdin or ${PASSWORD_VARIABLE}`,
          ja: `cloudera.passwordFile、--cm-password-stdin、${PASSWORD_VARIABLE} のいずれかを使ってください`,
        };
      }
      if (meant !== undefined) return VALUE_HINT.meant(meant);
      return { en: `known: ${known.join(", ")}`, ja: `設定項目: ${known.join(", ")}` };
    },
    example: {
      where: "answers.yaml:2",
      path: "hue.serverHots",
      known: ["hue.serverHost"],
    },
  }),
  "password-unreadable": failureRow<{ reason: Text; denied: boolean }>({
    kind: ({ denied }) => (denied ? "auth" : "settings"),
    message: ({ reason }) => ({
      en: `--cm-password-file: ${reason.en}`,
      ja: `--cm-password-file: ${reason.ja}`,
    }),
    hint: READABLE,
    example: {
      reason: {
        en: "EACCES: permission denied, open 'cm.pw'",
        ja: "アクセスが拒否されました (EACCES, open 'cm.pw')",
      },
      denied: true,
    },
  }),
  "password-empty": failureRow<{ source: Text }>({
    kind: "settings",
    message: ({ source }) => ({
      en: `${source.en}: the password is empty`,
      ja: `${source.ja}: パスワードが空です`,
    }),
    example: { source: { en: "--cm-password-file cm.pw", ja: "--cm-password-file cm.pw" } },
  }),
} as const;

export const answersFailure = failuresOf(ANSWERS_FAILURES);

function isPassword(path: string): boolean {
  return /pass(word|wd)$/i.test(path);
}

function list(problems: readonly Problem[], language: keyof Text): string {
  return problems
    .map(
      ({ text, hintText: hint }) => `  ${text[language]}${hint === undefined ? "" : ` (${hint[language]})`}`,
    )
    .join("\n");
}
