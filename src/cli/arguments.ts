import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { Failure } from "../domain/failure.ts";
import { nearest } from "../domain/nearest.ts";
import type { OptionRow } from "../setup/answers/option.ts";
import { OPTION_KEYS, OPTIONS, type OptionKey } from "../setup/answers/options.ts";
import type { FlagTexts } from "../setup/answers/sources.ts";
import { COMMANDS, type CommandRow, type OwnOption } from "./command-table.ts";

/** What was typed: a command, its options as texts, its own options by flag, its argument. */
export interface Invocation {
  readonly command: CommandRow;
  readonly flags: FlagTexts;
  readonly own: ReadonlyMap<string, string | true>;
  readonly argument?: string;
  /** `-h` or `--help` instead of a run; `family` for a word that only leads to commands. */
  readonly help?: "short" | "full";
  readonly family?: string;
  readonly version?: boolean;
}

const HELP_HINT = "hue-impala-setup --help lists commands and options";

/**
 * Reads the command line with the option and command tables.
 * @param argv without program names
 * @throws Failure `usage`: unknown option or command (with a suggestion), missing value
 */
export function parseArguments(argv: readonly string[]): Invocation {
  let invocation: Invocation | undefined;
  const root = new Command("hue-impala-setup");
  const families = new Map<string, Command>();
  const rootFlags = (): FlagTexts => flagsOf(root, COMMANDS[0]);
  for (const row of COMMANDS as readonly CommandRow[]) {
    const command = row.words.length === 0 ? root : addCommand(root, families, row);
    strict(command);
    for (const key of row.options) command.addOption(tableOption(key));
    for (const option of row.own ?? []) command.addOption(ownOption(option));
    if (row.argument !== undefined) command.argument("[argument]");
    command.action(() => {
      const flags =
        row.words.length === 0 ? rootFlags() : { ...allowed(rootFlags(), row), ...flagsOf(command, row) };
      const [argument] = command.args;
      const help = helpOf(command, root);
      if (help.help === undefined) checkArgument(row, command.args);
      invocation = {
        command: row,
        flags,
        own: ownOf(command, row),
        ...(argument === undefined ? {} : { argument }),
        ...help,
      };
    });
  }
  for (const [word, family] of families) {
    strict(family);
    family.action(() => {
      const [unknown] = family.args;
      if (unknown !== undefined) throw unknownCommand(`${word} ${unknown}`);
      invocation = { command: COMMANDS[0], flags: rootFlags(), own: new Map(), help: "full", family: word };
    });
  }
  root.option("--version");
  run(root, argv);
  if (invocation === undefined) throw new Failure("usage", "usage", "no command was understood", HELP_HINT);
  return root.opts()["version"] === true ? { ...invocation, version: true } : invocation;
}

function run(root: Command, argv: readonly string[]): void {
  try {
    root.parse(withoutHelpWord(argv), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const [message = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
    const hint = /\((.*)\)/.exec(suggestion ?? "")?.[1]?.replace("Did you mean", "did you mean") ?? HELP_HINT;
    throw new Failure(
      "usage",
      error.code.replace("commander.", "").replace(/[A-Z]/g, "-$&").toLowerCase(),
      message,
      hint,
    );
  }
}

/** `help balancer run` is `balancer run --help`. */
function withoutHelpWord(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  return first === "help" ? [...rest, "--help"] : [...argv];
}

function addCommand(root: Command, families: Map<string, Command>, row: CommandRow): Command {
  const [first = "", second] = row.words;
  if (second === undefined) return root.command(first);
  let family = families.get(first);
  if (family === undefined) {
    family = root.command(first);
    families.set(first, family);
  }
  return family.command(second);
}

function strict(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .helpOption(false)
    .option("-h")
    .option("--help")
    // Words too many are judged in `checkArgument`, which knows what was meant.
    .allowExcessArguments(true)
    .showSuggestionAfterError(true);
}

const FLAGS = new Set<string>(OPTION_KEYS.map((key) => OPTIONS[key].flag));

/** Adds a value to those of the same option. An option in place of a value is a forgotten value. */
function append(value: string, previous: unknown): string[] {
  if (FLAGS.has(value)) throw new InvalidArgumentError(`"${value}" is an option: the value is missing.`);
  return [...(Array.isArray(previous) ? previous : []), value];
}

function tableOption(key: OptionKey): Option {
  const row: OptionRow = OPTIONS[key];
  const flags = row.placeholder === undefined ? row.flag : `${row.flag} <${row.placeholder}>`;
  const option = new Option(flags);
  if (row.placeholder !== undefined) option.argParser(append);
  return option;
}

function ownOption(own: OwnOption): Option {
  const option = new Option(own.placeholder === undefined ? own.flag : `${own.flag} <${own.placeholder}>`);
  return own.choices === undefined ? option : option.choices([...own.choices]);
}

function flagsOf(command: Command, row: CommandRow): FlagTexts {
  const values = command.opts<Record<string, unknown>>();
  const entries = row.options.flatMap((key) => {
    const value = values[attribute(OPTIONS[key].flag)];
    if (value === undefined) return [];
    return [[key, value === true ? ["true"] : value] as const];
  });
  return Object.fromEntries(entries);
}

function ownOf(command: Command, row: CommandRow): Map<string, string | true> {
  const values = command.opts<Record<string, string | true | undefined>>();
  const found = new Map<string, string | true>();
  for (const { flag } of row.own ?? []) {
    const value = values[attribute(flag)];
    if (value !== undefined) found.set(flag, value);
  }
  return found;
}

/** Options typed before a command's name hold for it, if it knows them. */
function allowed(flags: FlagTexts, row: CommandRow): FlagTexts {
  for (const key of Object.keys(flags) as OptionKey[]) {
    if (!row.options.includes(key)) {
      const name = row.words.join(" ");
      throw new Failure(
        "usage",
        "unknown-option",
        `unknown option '${OPTIONS[key].flag}' of ${name}`,
        HELP_HINT,
      );
    }
  }
  return flags;
}

function checkArgument(row: CommandRow, [argument, surplus]: readonly string[]): void {
  if (argument === undefined) {
    if (row.argument === undefined) return;
    throw new Failure(
      "usage",
      "missing-argument",
      `${row.words.join(" ")} needs ${row.argument.name}`,
      HELP_HINT,
    );
  }
  if (row.argument === undefined) throw unknownCommand([...row.words, argument].join(" "));
  if (surplus !== undefined) {
    const name = row.words.join(" ");
    throw new Failure(
      "usage",
      "too-many-arguments",
      `${name} takes one argument, not also "${surplus}"`,
      HELP_HINT,
    );
  }
  const choices = row.argument.choices;
  if (choices !== undefined && !choices.includes(argument)) {
    throw new Failure("usage", "bad-argument", `"${argument}" is none of ${choices.join(", ")}`, HELP_HINT);
  }
}

function helpOf(command: Command, root: Command): { help?: "short" | "full" } {
  for (const { help, h } of [command.opts(), root.opts()]) {
    if (help === true) return { help: "full" };
    if (h === true) return { help: "short" };
  }
  return {};
}

function unknownCommand(word: string): Failure {
  const meant = nearest(
    word,
    (COMMANDS as readonly CommandRow[]).map(({ words }) => words.join(" ")),
  );
  const hint = meant ? `did you mean ${meant}?` : HELP_HINT;
  return new Failure("usage", "unknown-command", `unknown command '${word}'`, hint);
}

/** Commander's name of an option's value: `--cm-url` → `cmUrl`. */
function attribute(flag: string): string {
  return flag.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
