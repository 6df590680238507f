import type { Text } from "../domain/text.ts";

import { runFailure } from "../messages/failures/run.ts";
import { WORDS } from "./words.ts";

interface Common {
  readonly message: string;
}

/** The kinds of questions that the wizard asks, in inquirer's words. */
export interface Questions {
  readonly input: Common & {
    readonly type: "input";
    readonly default?: string;
    readonly validate: (text: string) => true | string;
  };
  readonly password: Common & {
    readonly type: "password";
    readonly mask: string;
    readonly toggleMask: false;
    readonly validate: (text: string) => true | string;
  };
  readonly select: Common & {
    readonly type: "select";
    readonly default?: string;
    readonly choices: readonly { readonly name: string; readonly value: string }[];
  };
  readonly checkbox: Common & {
    readonly type: "checkbox";
    readonly pageSize: number;
    readonly choices: readonly {
      readonly name: string;
      readonly value: string;
      readonly checked?: boolean;
      readonly disabled?: string;
    }[];
    readonly validate: (items: readonly unknown[]) => true | string;
  };
  readonly confirm: Common & { readonly type: "confirm"; readonly default: boolean };
}

interface Replies {
  readonly input: string;
  readonly password: string;
  readonly select: string;
  readonly checkbox: readonly string[];
  readonly confirm: boolean;
}

/** Asks one question and waits for its answer. @throws Failure `interrupted` on Ctrl-C */
export type Ask = <T extends keyof Questions>(
  question: Questions[T] & { readonly type: T },
) => Promise<Replies[T]>;

/** Loads inquirer (not before the first question: it is slow to load) on the given streams. */
export async function prompter(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
  language: keyof Text,
): Promise<Ask> {
  const { createPromptModule } = await import("inquirer");
  const prompt = createPromptModule({ input, output }) as unknown as (
    questions: readonly unknown[],
  ) => Promise<{ readonly reply: never }>;
  return async (question) => {
    try {
      const { reply } = await prompt([
        { ...question, theme: themeFor(question.type, language), name: "reply" },
      ]);
      return reply;
    } catch (error) {
      // inquirer's own error of Ctrl-C, which it throws under that name.
      if (error instanceof Error && error.name === "ExitPromptError") {
        throw runFailure("interrupted", { what: WORDS.interrupted });
      }
      throw error;
    }
  };
}

/** The line that names the keys, in the person's language. */
function themeFor(type: keyof Questions, language: keyof Text): object {
  if (type !== "checkbox" && type !== "select") return {};
  const names: Readonly<Record<string, Text>> = {
    navigate: WORDS.keysNavigate,
    select: type === "select" ? WORDS.keysSubmit : WORDS.keysSelect,
    submit: WORDS.keysSubmit,
    all: WORDS.keysAll,
    invert: WORDS.keysInvert,
  };
  const keysHelpTip = (keys: readonly (readonly [string, string])[]): string =>
    keys.map(([key, action]) => `${key} ${names[action]?.[language] ?? action}`).join(" • ");
  return { style: { keysHelpTip } };
}
