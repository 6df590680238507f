import type { Text } from "../../domain/text.ts";
import { environmentName, type OptionRow, type OptionType } from "../../setup/answers/option.ts";
import { OPTIONS } from "../../setup/answers/options.ts";
import { COMMANDS, type CommandRow, type OwnOption } from "../command-table.ts";

/** The command's name as typed. */
export const PROGRAM = "hue-impala-setup";

export type Language = keyof Text;

/** Groups in the order in which help shows them; `command` holds what only one command takes. */
export const GROUPS = {
  command: { en: "Options of this command", ja: "このコマンドのオプション" },
  mode: { en: "What the run does", ja: "実行のしかた" },
  hue: { en: "Hue", ja: "Hue" },
  cloudera: { en: "Cloudera Manager", ja: "Cloudera Manager" },
  balancer: { en: "Balancer", ja: "ロードバランサー" },
  places: { en: "Places of files", ja: "ファイルの場所" },
  output: { en: "Output", ja: "出力" },
} as const satisfies Record<OptionRow["group"] | "command", Text>;

export type Group = keyof typeof GROUPS;

/** An option as help, completion and man page see it, wherever it was declared. */
export interface ShownOption {
  readonly flag: string;
  /** One-letter form, `-h`. */
  readonly short?: string;
  readonly placeholder?: string;
  readonly type: OptionType;
  readonly group: Group;
  readonly repeatable: boolean;
  readonly environment?: string;
  readonly path?: string;
  readonly defaultText?: Text;
  readonly help: Text;
}

const HELP: ShownOption = {
  flag: "--help",
  short: "-h",
  type: { kind: "flag" },
  group: "output",
  repeatable: false,
  help: { en: "show help (-h: the short form)", ja: "ヘルプを表示する (-h は短い形)" },
};

const VERSION: ShownOption = {
  flag: "--version",
  type: { kind: "flag" },
  group: "output",
  repeatable: false,
  help: { en: "show the version", ja: "バージョンを表示する" },
};

/** Every command of the command table, the set-up itself (no words) first. */
export function commandRows(): readonly CommandRow[] {
  return COMMANDS;
}

/** `hue-impala-setup balancer run`. */
export function commandName(command: CommandRow): string {
  return [PROGRAM, ...command.words].join(" ");
}

/** All options of a command, in the order of the groups, `--help` last. */
export function shownOptions(command: CommandRow): readonly ShownOption[] {
  const shown = [
    ...(command.own ?? []).map(fromOwn),
    ...command.options.map((key) => fromTable(OPTIONS[key])),
    ...(command.words.length === 0 ? [VERSION] : []),
    HELP,
  ];
  const order = Object.keys(GROUPS);
  return shown.toSorted((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}

/** Every option of the option table, with its environment name. */
export function tableOptions(): readonly ShownOption[] {
  return Object.values(OPTIONS).map(fromTable);
}

/** `--cm-url URL`, or `-h, --help`. */
export function spelled(option: ShownOption): string {
  const flag = option.short === undefined ? option.flag : `${option.short}, ${option.flag}`;
  return option.placeholder === undefined ? flag : `${flag} ${option.placeholder}`;
}

/** The fixed values of an option, or none. */
export function choicesOf(option: ShownOption): readonly string[] {
  return option.type.kind === "choice" ? option.type.choices : [];
}

function fromTable(row: OptionRow): ShownOption {
  return {
    flag: row.flag,
    ...(row.placeholder === undefined ? {} : { placeholder: row.placeholder }),
    type: row.type,
    group: row.group,
    repeatable: row.type.kind === "endpoints" || row.type.kind === "networks",
    environment: environmentName(row),
    ...(row.path === undefined ? {} : { path: row.path }),
    ...(row.defaultText === undefined ? {} : { defaultText: bilingual(row.defaultText) }),
    help: row.help,
  };
}

function fromOwn(own: OwnOption): ShownOption {
  return {
    flag: own.flag,
    ...(own.placeholder === undefined ? {} : { placeholder: own.placeholder }),
    type: ownType(own),
    group: "command",
    repeatable: false,
    help: own.help,
  };
}

function bilingual(text: string | Text): Text {
  return typeof text === "string" ? { en: text, ja: text } : text;
}

/** Own options carry no type of their own: the placeholder tells paths from other text. */
function ownType(own: OwnOption): OptionType {
  if (own.choices !== undefined) return { kind: "choice", choices: own.choices };
  if (own.placeholder === undefined) return { kind: "flag" };
  return { kind: own.placeholder === "PATH" || own.placeholder === "FILE" ? "path" : "text" };
}
