import { parseArgs } from "node:util";
import { nearest } from "../../domain/words/nearest.ts";
import { usageFailure } from "../../messages/failures/cli/usage.ts";
import { choicesOf, type OptionRow } from "../../setup/answers/option.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "../../setup/answers/options.ts";
import type { FlagTexts } from "../../setup/answers/sources.ts";
import { COMMANDS, type CommandRow, SETUP } from "./command-table.ts";

/** What was typed: a command, its options as texts, its argument. */
export interface Invocation {
  readonly command: CommandRow;
  readonly flags: FlagTexts;
  readonly argument?: string;
  /** `-h` or `--help` instead of a run; `family` for a word that only leads to commands. */
  readonly help?: "short" | "full";
  readonly family?: string;
  readonly version?: boolean;
}

const KEY_BY_FLAG = new Map<string, OptionKey>(OPTION_KEYS.map((key) => [OPTIONS[key].flag, key]));

/** The option table as `parseArgs` wants it. It only cuts the words; what is wrong with them is said here. */
const PARSED = {
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
  ...Object.fromEntries(
    OPTION_KEYS.map((key) => {
      const { flag, type } = OPTIONS[key];
      return [flag.slice(2), { type: type.kind === "flag" ? "boolean" : "string" }] as const;
    }),
  ),
} as const;

/**
 * Reads the command line with the option and command tables. Options may stand before and after the command.
 * @param argv without program names
 * @throws Failure `usage`: unknown option or command (with a suggestion), missing value
 */
export function parseArguments(argv: readonly string[]): Invocation {
  // `help balancer run` is `balancer run --help`.
  const args = argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv];
  const { tokens } = parseArgs({
    args,
    options: PARSED,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const flags: { [K in OptionKey]?: string[] } = {};
  let help: "short" | "full" | undefined;
  let version = false;
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const key = KEY_BY_FLAG.get(token.rawName);
    if (key !== undefined) flags[key] = [...(flags[key] ?? []), textOf(OPTIONS[key], token)];
    else if (token.value !== undefined) throw unknownOption(`${token.rawName}=${token.value}`);
    else if (token.rawName === "--help") help = "full";
    else if (token.rawName === "-h") help ??= "short";
    else if (token.rawName === "--version") version = true;
    else throw unknownOption(token.rawName);
  }
  const { command, family, rest } = commandOf(words);
  for (const key of Object.keys(flags) as OptionKey[]) {
    if (!command.options.includes(key))
      throw usageFailure("unknown-option", { option: OPTIONS[key].flag, command: command.words.join(" ") });
  }
  if (family !== undefined) return { command, flags, help: "full", family, ...(version ? { version } : {}) };
  if (help === undefined && !version) checkArgument(command, rest);
  const [argument] = rest;
  return {
    command,
    flags,
    ...(argument === undefined ? {} : { argument }),
    ...(help === undefined ? {} : { help }),
    ...(version ? { version } : {}),
  };
}

/** The command that the words begin with; `family` if they only lead to commands. @throws Failure `usage` */
function commandOf(words: readonly string[]): { command: CommandRow; family?: string; rest: string[] } {
  const [first, second] = words;
  if (first === undefined) return { command: SETUP, rest: [] };
  const command = COMMANDS.find(
    ({ words: own }) => own.length > 0 && own.every((word, index) => word === words[index]),
  );
  if (command !== undefined) return { command, rest: words.slice(command.words.length) };
  if (!COMMANDS.some(({ words: [word] }) => word === first)) throw unknownCommand(first);
  if (second !== undefined) throw unknownCommand(`${first} ${second}`);
  return { command: SETUP, family: first, rest: [] };
}

/** What `parseArgs` tells about one option. */
interface Typed {
  readonly rawName: string;
  readonly value: string | undefined;
}

/** The text of one occurrence. An option in place of a value is a forgotten value. */
function textOf(row: OptionRow, { value, rawName }: Typed): string {
  if (row.placeholder === undefined) {
    if (value !== undefined) throw unknownOption(`${rawName}=${value}`);
    return "true";
  }
  const spelled = `${row.flag} <${row.placeholder}>`;
  if (value === undefined) throw usageFailure("option-missing-argument", { option: spelled });
  if (KEY_BY_FLAG.has(value)) throw usageFailure("invalid-argument", { option: spelled, value, choices: [] });
  const choices = choicesOf(row.type);
  if (row.group === "command" && choices.length > 0 && !choices.includes(value))
    throw usageFailure("invalid-argument", { option: spelled, value, choices });
  return value;
}

function checkArgument(
  { words, argument: wanted }: CommandRow,
  [argument, surplus]: readonly string[],
): void {
  const command = words.join(" ");
  if (argument === undefined) {
    if (wanted === undefined) return;
    throw usageFailure("missing-argument", { command, argument: wanted.name });
  }
  if (wanted === undefined) throw unknownCommand(`${command} ${argument}`);
  if (surplus !== undefined) throw usageFailure("too-many-arguments", { command, surplus });
  if (wanted.choices?.includes(argument) === false)
    throw usageFailure("bad-argument", { argument, choices: wanted.choices });
}

function unknownOption(option: string): Error {
  const known = ["--help", "--version", ...KEY_BY_FLAG.keys()];
  const meant = option.startsWith("--") ? nearest(option, known) : undefined;
  return usageFailure("unknown-option", { option, ...(meant === undefined ? {} : { meant }) });
}

function unknownCommand(command: string): Error {
  const meant = nearest(
    command,
    COMMANDS.map(({ words }) => words.join(" ")),
  );
  return usageFailure("unknown-command", { command, ...(meant === undefined ? {} : { meant }) });
}
