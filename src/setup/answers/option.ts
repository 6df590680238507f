import { sameText, type Text } from "../../domain/text.ts";
import type { CommandName } from "./options/commands.ts";
import type { Question } from "./options/question.ts";

/** How one value of an option is read from its text; `answers.ts` holds the types of the values. */
export type OptionType =
  | { readonly kind: "flag" }
  | { readonly kind: "text" }
  | { readonly kind: "path" }
  | { readonly kind: "host" }
  | { readonly kind: "port" }
  /** Whole seconds from 1. */
  | { readonly kind: "seconds" }
  /** `ADDRESS:PORT`, or `HOST` alone where there is a default port. */
  | { readonly kind: "endpoint"; readonly defaultPort?: number }
  /** A CIDR network. */
  | { readonly kind: "network" }
  /** One of these values, each with what it means to a person. */
  | { readonly kind: "choice"; readonly choices: Readonly<Record<string, Text>> };

/** `command` holds what belongs to one command only. */
export type OptionGroup = "command" | "mode" | "hue" | "cloudera" | "balancer" | "places" | "output";

/**
 * The value that counts when nobody says anything: a fixed one as it is typed; one that `settle/conclusions.ts`
 * concludes from what else is known; or one that no value stands for. The last two are described for help.
 */
export type OptionDefault = string | number | { readonly concluded: Text } | { readonly described: Text };

/** One row of the option table: everything that any part of the program needs to know about an option. */
export interface OptionRow {
  /** Long flag without value, as typed: `--cm-url`. The environment name is derived from it. */
  readonly flag: string;
  /** Placeholder of the value in help, or undefined for a plain flag. */
  readonly placeholder?: string;
  readonly type: OptionType;
  /** May be given several times, each time with several values separated by commas; the value is a list. */
  readonly repeatable?: true;
  readonly group: OptionGroup;
  /** The commands that take it. */
  readonly commands: readonly CommandName[];
  /** Dotted path in an answers file, or undefined for options that only make sense for one run. */
  readonly path?: string;
  /** Says how one run behaves, not what is set up: left out of the command that repeats a run unattended. */
  readonly thisRunOnly?: true;
  readonly default?: OptionDefault;
  readonly help: Text;
  /** What the wizard asks; options without a question are never asked for. */
  readonly question?: Question;
}

const ENVIRONMENT_PREFIX = "HUE_IMPALA_SETUP_";

/** `--cm-url` → `HUE_IMPALA_SETUP_CM_URL`. */
export function environmentName(row: OptionRow): string {
  return ENVIRONMENT_PREFIX + row.flag.slice(2).toUpperCase().replaceAll("-", "_");
}

/** The values that a choice may have, in the order in which they are shown; none for other types. */
export function choicesOf(type: OptionType): readonly string[] {
  return type.kind === "choice" ? Object.keys(type.choices) : [];
}

/** The default for people, or undefined. */
export function defaultText({ default: value }: OptionRow): Text | undefined {
  if (typeof value === "object") return "concluded" in value ? value.concluded : value.described;
  return value === undefined ? undefined : sameText(String(value));
}
