import { errnoOf, Failure } from "../../domain/failure.ts";
import { sameText } from "../../domain/text.ts";
import { nearest } from "../../domain/words/nearest.ts";
import { systemText } from "../../messages/errno.ts";
import { ANSWERS_FAULTS, answersFailure } from "../../messages/failures/setup/answers.ts";
import { textOf } from "../../system/input-text.ts";
import type { World } from "../world/world.ts";
import { type Answers, answerOf, isGiven } from "./answers.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "./options.ts";
import { writeValue } from "./read-value.ts";

/** An answers file as read: the texts of each option and the line where it stands. */
export interface AnswersFile {
  readonly name: string;
  readonly values: ReadonlyMap<OptionKey, { readonly texts: readonly string[]; readonly line: number }>;
}

const VERSION = 1;
const ANSWERS = { en: "the answers", ja: "回答ファイル" };

/** Where answers may be. */
type Sources = Pick<World, "standardInput" | "readInput">;

const KEY_BY_PATH = new Map<string, OptionKey>(
  OPTION_KEYS.flatMap((key) => {
    const row = OPTIONS[key];
    return "path" in row ? [[row.path, key] as const] : [];
  }),
);

/**
 * Reads an answers file (YAML 1.2, so also JSON). Unknown keys are errors: a misspelt setting must not be ignored.
 * @param path a file, or `-` for standard input, which is read once
 * @throws Failure `settings` (missing file), `unparsable` (with file:line), `settings` (unknown key)
 */
export async function readAnswersFile(path: string, world: Sources): Promise<AnswersFile> {
  const name = path === "-" ? "<stdin>" : path;
  const text = path === "-" ? await world.standardInput() : await readText(path, world);
  return parseAnswers(text, name);
}

async function readText(path: string, world: Sources): Promise<string> {
  try {
    return textOf((await world.readInput(path, ANSWERS)).bytes, path, ANSWERS);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const denied = errnoOf(error) === "EACCES";
    throw answersFailure("answers-unreadable", { reason: systemText(error), denied });
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
    const [summary = ""] = error.message.split("\n");
    const reason = sameText(summary);
    throw answersFailure("answers-unparsable", { where: `${name}:${line}`, reason, notYaml: true });
  }
  const values = new Map<OptionKey, { texts: string[]; line: number }>();
  const lineOf = (node: unknown): number => {
    const range = (node as { range?: readonly number[] | null }).range;
    return lines.linePos(range?.[0] ?? 0).line;
  };

  const walk = (node: unknown, prefix: string): void => {
    if (!isMap(node)) {
      const where = `${name}:${lineOf(node)}`;
      throw answersFailure("answers-unparsable", { where, reason: ANSWERS_FAULTS.noPairs });
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
        const reason = ANSWERS_FAULTS.noPlainValue(path);
        throw answersFailure("answers-unparsable", { where: `${name}:${line}`, reason });
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
    throw answersFailure("answers-version", { where, version: String(value), known: VERSION });
  }
}

function isBranch(path: string): boolean {
  return [...KEY_BY_PATH.keys()].some((known) => known.startsWith(`${path}.`));
}

function unknownKey(path: string, where: string): Failure {
  const known = [...KEY_BY_PATH.keys()];
  return answersFailure("unknown-answer", { where, path, known, meant: nearest(path, known) });
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
