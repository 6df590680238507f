import type { DistinctQuestion } from "inquirer";
import type { Language, Text } from "../domain/text.ts";
import { runFailure } from "../messages/failures/run.ts";
import { WORDS } from "./words.ts";

/** A question of one kind, in inquirer's own type; its name is the prompter's. */
type Question<T extends string, R> = Omit<
  Extract<DistinctQuestion<{ reply: R }>, { readonly type: T }>,
  "name" | "type" | "theme"
>;

/** Asks one question of each kind and waits for its answer. @throws Failure `interrupted` on Ctrl-C */
export interface Prompter {
  input(question: Question<"input", string>): Promise<string>;
  password(question: Question<"password", string>): Promise<string>;
  select(question: Question<"select", string>): Promise<string>;
  checkbox(question: Question<"checkbox", string[]>): Promise<string[]>;
  confirm(question: Question<"confirm", boolean>): Promise<boolean>;
}

/** Loads inquirer (not before the first question: it is slow to load) on the given streams. */
export async function prompter(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  language: Language,
): Promise<Prompter> {
  const { createPromptModule } = await import("inquirer");
  const prompt = createPromptModule({ input, output });
  const name = "reply";
  const text = (question: DistinctQuestion<{ reply: string }>): Promise<string> =>
    replyOf(prompt<{ reply: string }>([question]));
  return {
    input: (question) => text({ ...question, type: "input", name }),
    password: (question) => text({ ...question, type: "password", name }),
    select: (question) =>
      text({ ...question, type: "select", name, theme: keysIn(language, WORDS.keysSubmit) }),
    checkbox: (question) =>
      replyOf(
        prompt<{ reply: string[] }>([
          { ...question, type: "checkbox", name, theme: keysIn(language, WORDS.keysSelect) },
        ]),
      ),
    confirm: (question) => replyOf(prompt<{ reply: boolean }>([{ ...question, type: "confirm", name }])),
  };
}

async function replyOf<R>(asked: Promise<{ readonly reply: R }>): Promise<R> {
  try {
    return (await asked).reply;
  } catch (error) {
    // inquirer's own error of Ctrl-C, which it throws under that name.
    if (error instanceof Error && error.name === "ExitPromptError") {
      throw runFailure("interrupted", { what: WORDS.interrupted });
    }
    throw error;
  }
}

/** The line that names the keys, in the person's language; `select` is what the key that selects does. */
function keysIn(language: Language, select: Text): { style: { keysHelpTip: KeysHelpTip } } {
  const names: Readonly<Record<string, Text>> = {
    navigate: WORDS.keysNavigate,
    select,
    submit: WORDS.keysSubmit,
    all: WORDS.keysAll,
    invert: WORDS.keysInvert,
  };
  const keysHelpTip: KeysHelpTip = (keys) =>
    keys.map(([key, action]) => `${key} ${names[action]?.[language] ?? action}`).join(" • ");
  return { style: { keysHelpTip } };
}

type KeysHelpTip = (keys: readonly (readonly [key: string, action: string])[]) => string;
