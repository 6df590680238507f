import type { Language, Text } from "../../domain/text.ts";
import { choicesOf, type OptionGroup } from "../../setup/answers/option.ts";
import { EXIT_CODES } from "../exit.ts";
import type { CommandRow } from "../parse/command-table.ts";
import { displayWidth, padTo, wrap } from "../render/width.ts";
import { ENVIRONMENT } from "./environment.ts";
import { examplesOf } from "./examples.ts";
import {
  commandName,
  commandRows,
  GROUPS,
  PROGRAM,
  type ShownOption,
  shownOptions,
  spelled,
} from "./rows.ts";

const WORDS = {
  usage: { en: "Usage", ja: "使い方" },
  options: { en: "options", ja: "オプション" },
  examples: { en: "Examples", ja: "例" },
  commands: { en: "Commands", ja: "コマンド" },
  environment: { en: "Environment", ja: "環境変数" },
  exitCodes: { en: "Exit codes", ja: "終了コード" },
  default: { en: "default", ja: "既定値" },
  precedence: {
    en: "Precedence: option, environment variable, answers file, discovered value, default.",
    ja: "優先順位: オプション、環境変数、回答ファイル、探索で得た値、既定値。",
  },
  more: {
    en: "--help shows environment variables and exit codes too.",
    ja: "--help では環境変数と終了コードも表示する。",
  },
} as const satisfies Record<string, Text>;

export interface HelpOptions {
  /** `short` (`-h`) leaves out environment names and exit codes. */
  readonly form?: "short" | "full";
  /** Columns of the terminal. */
  readonly width?: number;
}

/**
 * The help of one command: usage and examples first, then the options by group with default and environment name,
 * then exit codes. Ends in a newline.
 */
export function helpText(command: CommandRow, lang: Language, options: HelpOptions = {}): string {
  const full = options.form !== "short";
  const width = Math.max(60, Math.min(options.width ?? 80, 100));
  const sections = [
    usage(command, lang),
    wrap(sentence(command.help[lang], lang), width),
    examples(command, lang),
    ...(command.words.length === 0 ? [commandList(commandRows().slice(1), lang, width)] : []),
    ...optionGroups(command, lang, width, full),
    ...(full ? [environment(command, lang, width), exitCodes(lang, width)] : [[WORDS.more[lang]]]),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The help of a word that only leads to commands (`balancer`, `haproxy`); undefined if no command begins with it. */
export function familyHelp(word: string, lang: Language, options: HelpOptions = {}): string | undefined {
  const family = commandRows().filter((command) => command.words.length > 1 && command.words[0] === word);
  if (family.length === 0) return undefined;
  const list = commandList(family, lang, Math.max(60, options.width ?? 80));
  return `${WORDS.usage[lang]}: ${PROGRAM} ${word} <command> [${WORDS.options[lang]}]\n\n${list.join("\n")}\n`;
}

function usage(command: CommandRow, lang: Language): string[] {
  const argument = command.argument === undefined ? "" : ` ${command.argument.name}`;
  const lines = [`${WORDS.usage[lang]}: ${commandName(command)}${argument} [${WORDS.options[lang]}]`];
  if (command.words.length === 0) {
    const indent = " ".repeat(displayWidth(`${WORDS.usage[lang]}: `));
    lines.push(`${indent}${PROGRAM} <command> [${WORDS.options[lang]}]`);
  }
  const choices = command.argument?.choices;
  if (command.argument !== undefined && choices !== undefined) {
    lines.push(`${command.argument.name}: ${choices.join(", ")}`);
  }
  return lines;
}

function examples(command: CommandRow, lang: Language): string[] {
  const lines = examplesOf(command).flatMap(({ line, note }) => [`  # ${note[lang]}`, `  ${line}`]);
  return [`${WORDS.examples[lang]}:`, ...lines];
}

function commandList(commands: readonly CommandRow[], lang: Language, width: number): string[] {
  const rows = commands.map((command) => ({
    left: [...command.words, ...(command.argument === undefined ? [] : [command.argument.name])].join(" "),
    right: command.help[lang],
  }));
  return [`${WORDS.commands[lang]}:`, ...columns(rows, width)];
}

function optionGroups(command: CommandRow, lang: Language, width: number, full: boolean): string[][] {
  const shown = shownOptions(command);
  const left = Math.min(26, Math.max(...shown.map((option) => spelled(option).length)));
  return (Object.keys(GROUPS) as OptionGroup[]).flatMap((group) => {
    const options = shown.filter((option) => option.group === group);
    if (options.length === 0) return [];
    const rows = options.map((option) => ({
      left: spelled(option),
      right: option.help[lang],
      notes: notes(option, lang, full),
    }));
    return [[`${GROUPS[group][lang]}:`, ...columns(rows, width, left)]];
  });
}

function notes(option: ShownOption, lang: Language, full: boolean): string[] {
  const lines: string[] = [];
  const choices = choicesOf(option.type);
  const help = option.help.en.toLowerCase();
  if (!choices.every((choice) => help.includes(choice))) lines.push(choices.join(", "));
  if (option.defaultText !== undefined) lines.push(`${WORDS.default[lang]}: ${option.defaultText[lang]}`);
  if (full && option.environment !== undefined) lines.push(option.environment);
  return lines.map((line) => `[${line}]`);
}

function environment(command: CommandRow, lang: Language, width: number): string[] {
  const keys = new Set<string>(command.options);
  const rows = ENVIRONMENT.filter(({ usedWith }) => usedWith === undefined || keys.has(usedWith)).map(
    ({ name, help }) => ({ left: name, right: help[lang] }),
  );
  if (rows.length === 0) return [];
  return [`${WORDS.environment[lang]}:`, ...columns(rows, width), ...wrap(WORDS.precedence[lang], width)];
}

function exitCodes(lang: Language, width: number): string[] {
  const rows = EXIT_CODES.map(({ code, meaning }) => ({ left: String(code), right: meaning[lang] }));
  return [`${WORDS.exitCodes[lang]}:`, ...columns(rows, width)];
}

interface Row {
  readonly left: string;
  readonly right: string;
  readonly notes?: readonly string[];
}

/** Two columns, the right one wrapped; a left text that is too long has its line to itself. */
function columns(rows: readonly Row[], width: number, leftWidth?: number): string[] {
  const left = leftWidth ?? Math.max(...rows.map((row) => displayWidth(row.left)));
  const indent = " ".repeat(left + 4);
  return rows.flatMap((row) => {
    const text = [row.right, ...(row.notes ?? [])].flatMap((part) => wrap(part, width - left - 4));
    const first = `  ${padTo(row.left, left)}  `;
    return displayWidth(row.left) > left
      ? [`  ${row.left}`, ...text.map((line) => indent + line)]
      : text.map((line, index) => (index === 0 ? first : indent) + line);
  });
}

function sentence(text: string, lang: Language): string {
  return lang === "en" ? `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.` : `${text}。`;
}
