import type { Text } from "../../domain/text.ts";
import {
  defaultText,
  environmentName,
  type OptionGroup,
  type OptionRow,
  type OptionType,
} from "../../setup/answers/option.ts";
import { COMMAND_NAMES } from "../../setup/answers/options/commands.ts";
import { OPTIONS } from "../../setup/answers/options.ts";
import { COMMANDS, type CommandRow } from "../parse/command-table.ts";

/** The command's name as typed. */
export const PROGRAM = "hue-impala-setup";

/** Groups in the order in which help shows them. */
export const GROUPS = {
  command: { en: "Options of this command", ja: "このコマンドのオプション" },
  mode: { en: "What the run does", ja: "実行のしかた" },
  hue: { en: "Hue", ja: "Hue" },
  cloudera: { en: "Cloudera Manager", ja: "Cloudera Manager" },
  balancer: { en: "Balancer", ja: "ロードバランサー" },
  places: { en: "Places of files", ja: "ファイルの場所" },
  output: { en: "Output", ja: "出力" },
} as const satisfies Record<OptionGroup, Text>;

/** An option as help, completion and man page see it, wherever it was declared. */
export interface ShownOption {
  readonly flag: string;
  /** One-letter form, `-h`. */
  readonly short?: string;
  readonly placeholder?: string;
  readonly type: OptionType;
  readonly group: OptionGroup;
  /** The commands that take it, as typed. */
  readonly commands: readonly string[];
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
  commands: COMMAND_NAMES,
  repeatable: false,
  help: { en: "show help (-h: the short form)", ja: "ヘルプを表示する (-h は短い形)" },
};

const VERSION: ShownOption = {
  flag: "--version",
  type: { kind: "flag" },
  group: "output",
  commands: ["setup"],
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

function fromTable(row: OptionRow): ShownOption {
  const byDefault = defaultText(row);
  return {
    flag: row.flag,
    ...(row.placeholder === undefined ? {} : { placeholder: row.placeholder }),
    type: row.type,
    group: row.group,
    commands: row.commands,
    repeatable: row.repeatable === true,
    environment: environmentName(row),
    ...(row.path === undefined ? {} : { path: row.path }),
    ...(byDefault === undefined ? {} : { defaultText: byDefault }),
    help: row.help,
  };
}
