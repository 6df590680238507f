import { errnoOf, Failure, messageOf } from "../../domain/failure.ts";
import { nearest } from "../../domain/nearest.ts";
import { readInputText } from "../../system/files/read-input.ts";
import { type Answers, answerOf, isGiven } from "./answers.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "./options.ts";
import { writeValue } from "./read-value.ts";

/** An answers file as read: the texts of each option and the line where it stands. */
export interface AnswersFile {
  readonly name: string;
  readonly values: ReadonlyMap<OptionKey, { readonly texts: readonly string[]; readonly line: number }>;
}

const VERSION = 1;

const KEY_BY_PATH = new Map<string, OptionKey>(
  OPTION_KEYS.flatMap((key) => {
    const row = OPTIONS[key];
    return "path" in row ? [[row.path, key] as const] : [];
  }),
);

/**
 * Reads an answers file (YAML 1.2, so also JSON). Unknown keys are errors: a misspelt setting must not be ignored.
 * @param path a file, or `-` for standard input, whose text the caller gives
 * @throws Failure `settings` (missing file), `unparsable` (with file:line), `settings` (unknown key)
 */
export async function readAnswersFile(
  path: string,
  standardInput: () => Promise<string>,
): Promise<AnswersFile> {
  const name = path === "-" ? "<stdin>" : path;
  const text = path === "-" ? await standardInput() : await readText(path);
  return parseAnswers(text, name);
}

async function readText(path: string): Promise<string> {
  try {
    return await readInputText(path, { what: { en: "the answers", ja: "回答ファイル" } });
  } catch (error) {
    if (error instanceof Failure) throw error;
    const kind = errnoOf(error) === "EACCES" ? "auth" : "settings";
    throw new Failure(kind, "answers-unreadable", `--answers: ${messageOf(error)}`, "name a readable file");
  }
}

/** @throws Failure as {@link readAnswersFile} */
export async function parseAnswers(text: string, name: string): Promise<AnswersFile> {
  const { isMap, isScalar, isSeq, LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const [summary] = error.message.split("\n");
    throw new Failure(
      "unparsable",
      "answers-unparsable",
      `${name}:${line}: ${summary}`,
      "the file is YAML or JSON",
    );
  }
  const values = new Map<OptionKey, { texts: string[]; line: number }>();
  const lineOf = (node: unknown): number => {
    const range = (node as { range?: readonly number[] | null }).range;
    return lines.linePos(range?.[0] ?? 0).line;
  };

  const walk = (node: unknown, prefix: string): void => {
    if (!isMap(node)) {
      throw new Failure(
        "unparsable",
        "answers-unparsable",
        `${name}:${lineOf(node)}: expected "name: value" pairs`,
      );
    }
    for (const pair of node.items) {
      const path = prefix + String(pair.key);
      const line = lineOf(pair.key);
      if (path === "version") {
        checkVersion(pair.value, `${name}:${line}`);
        continue;
      }
      const key = KEY_BY_PATH.get(path);
      if (key === undefined) {
        if (!isBranch(path)) throw unknownKey(path, `${name}:${line}`);
        if (!(isScalar(pair.value) && pair.value.value === null)) walk(pair.value, `${path}.`);
        continue;
      }
      const items = isSeq(pair.value) ? pair.value.items : [pair.value];
      // `key:` without a value, or an empty list, means: not said here.
      const texts = items.flatMap((item) =>
        isScalar(item) && item.value !== null ? [String(item.value)] : [],
      );
      if (texts.length !== items.filter((item) => !(isScalar(item) && item.value === null)).length) {
        throw new Failure("unparsable", "answers-unparsable", `${name}:${line}: ${path} takes a plain value`);
      }
      if (texts.length > 0) values.set(key, { texts, line });
    }
  };

  if (document.contents !== null) walk(document.contents, "");
  return { name, values };
}

function checkVersion(node: unknown, where: string): void {
  const value = (node as { value?: unknown } | null)?.value;
  if (value !== VERSION) {
    throw new Failure(
      "settings",
      "answers-version",
      `${where}: version ${String(value)} is not known`,
      `write version: ${VERSION}`,
    );
  }
}

function isBranch(path: string): boolean {
  return [...KEY_BY_PATH.keys()].some((known) => known.startsWith(`${path}.`));
}

function unknownKey(path: string, where: string): Failure {
  if (/pass(word|wd)$/i.test(path)) {
    return new Failure(
      "settings",
      "unknown-answer",
      `${where}: "${path}": passwords do not belong in an answers file`,
      "use cloudera.passwordFile, --cm-password-stdin or HUE_IMPALA_SETUP_CM_PASSWORD",
    );
  }
  const meant = nearest(path, [...KEY_BY_PATH.keys()]);
  const hint =
    meant === undefined ? `known: ${[...KEY_BY_PATH.keys()].join(", ")}` : `did you mean ${meant}?`;
  return new Failure("settings", "unknown-answer", `${where}: "${path}" is not a setting`, hint);
}

/** The settings of a run as the text of an answers file; never a password, never what was only discovered. */
export async function printAnswers(answers: Answers): Promise<string> {
  const { Document } = await import("yaml");
  const document = new Document({ version: VERSION });
  for (const [path, key] of KEY_BY_PATH) {
    if (!isGiven(answers, key)) continue;
    document.setIn(path.split("."), plain(key, answers));
  }
  return document.toString();
}

function plain(key: OptionKey, answers: Answers): unknown {
  const value = answerOf(answers, key);
  if (typeof value === "boolean" || typeof value === "number") return value;
  const texts = writeTexts(key, answers);
  return Array.isArray(value) ? texts : texts[0];
}

function writeTexts<K extends OptionKey>(key: K, answers: Answers): string[] {
  const value = answerOf(answers, key);
  return value === undefined ? [] : writeValue(key, value);
}
