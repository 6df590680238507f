import type { Endpoint } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import type { OptionRow, OptionType } from "./option.ts";
import type { OPTIONS, OptionKey } from "./options.ts";

/** The value that one text of an option is read into. */
type ItemOf<T extends OptionType> = T extends { kind: "flag" }
  ? boolean
  : T extends { kind: "port" | "seconds" }
    ? number
    : T extends { kind: "endpoint" }
      ? Endpoint
      : T extends { kind: "choice"; choices: infer C }
        ? keyof C & string
        : string;

type ValueOf<R extends OptionRow> = R extends { repeatable: true }
  ? readonly ItemOf<R["type"]>[]
  : ItemOf<R["type"]>;

export type OptionValue<K extends OptionKey> = ValueOf<(typeof OPTIONS)[K]>;

/** Where a value came from; in this order of precedence (a prompt's answer beats everything: a person just said it). */
export type OriginKind = "prompt" | "flag" | "environment" | "answers-file" | "discovered" | "default";

export interface Origin {
  readonly kind: OriginKind;
  /** Names the flag, the variable, the file or the source of a discovery; English in every language. */
  readonly detail: string;
  /** For people, where the detail has words of a language. */
  readonly text?: Text;
}

export interface Answer<K extends OptionKey = OptionKey> {
  readonly value: OptionValue<K>;
  readonly origin: Origin;
}

/** What is known so far, each value with its origin. Immutable: {@link withAnswer} makes a new one. */
export type Answers = { readonly [K in OptionKey]?: Answer<K> };

/** The value of an answer; undefined if nothing is known. */
export function answerOf<K extends OptionKey>(answers: Answers, key: K): OptionValue<K> | undefined {
  return (answers[key] as Answer<K> | undefined)?.value;
}

/** True for a plain flag that is on. */
export function isSet(answers: Answers, key: OptionKey): boolean {
  return answerOf(answers, key) === true;
}

/** True when a person or a script gave the value: not when it was discovered or is a default. */
export function isGiven(answers: Answers, key: OptionKey): boolean {
  const kind = answers[key]?.origin.kind;
  return kind !== undefined && kind !== "discovered" && kind !== "default";
}

/** The answers with one more, or another one for the same option. */
export function withAnswer<K extends OptionKey>(
  answers: Answers,
  key: K,
  value: OptionValue<K>,
  origin: Origin,
): Answers {
  return { ...answers, [key]: { value, origin } };
}
