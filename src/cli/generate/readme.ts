import type { Language, Text } from "../../domain/text.ts";
import { EXIT_CODES } from "../exit.ts";
import { commandName, commandRows, type ShownOption, spelled, tableOptions } from "./rows.ts";

const HEADS = {
  option: { en: "Option", ja: "オプション" },
  variable: { en: "Variable `HUE_IMPALA_SETUP_…`", ja: "環境変数 `HUE_IMPALA_SETUP_…`" },
  path: { en: "In an answers file", ja: "回答ファイル" },
  default: { en: "Default", ja: "既定値" },
  meaning: { en: "Meaning", ja: "意味" },
  code: { en: "Code", ja: "コード" },
  command: { en: "Command", ja: "コマンド" },
} as const satisfies Record<string, Text>;

const TABLES = {
  options: optionTable,
  "exit-codes": exitCodeTable,
  commands: commandTable,
} as const satisfies Record<string, (lang: Language) => string>;

/** Names of the sections that {@link fillSections} knows. */
export const SECTIONS = Object.keys(TABLES);

/**
 * Replaces what stands between `<!-- NAME:start -->` and `<!-- NAME:end -->` by the table of that name. A section
 * without markers is left out.
 */
export function fillSections(markdown: string, lang: Language): string {
  return Object.entries(TABLES).reduce((text, [name, table]) => {
    const start = `<!-- ${name}:start -->`;
    const from = text.indexOf(start);
    const to = text.indexOf(`<!-- ${name}:end -->`, from);
    if (from < 0 || to < 0) return text;
    return `${text.slice(0, from + start.length)}\n\n${table(lang)}\n${text.slice(to)}`;
  }, markdown);
}

function optionTable(lang: Language): string {
  const { option, variable, path, default: byDefault, meaning } = HEADS;
  const rows = tableOptions().map((row) => [
    code(spelled(row)),
    code((row.environment ?? "").replace("HUE_IMPALA_SETUP_", "")),
    row.path === undefined ? "" : code(row.path),
    row.defaultText?.[lang] ?? "",
    row.help[lang] + onlyFor(row),
  ]);
  return table([option, variable, path, byDefault, meaning], rows, lang);
}

/** The commands of an option that is not a general one. */
function onlyFor({ group, commands }: ShownOption): string {
  return group === "command" ? ` (${commands.map(code).join(", ")})` : "";
}

function exitCodeTable(lang: Language): string {
  const rows = EXIT_CODES.map((row) => [String(row.code), row.meaning[lang]]);
  return table([HEADS.code, HEADS.meaning], rows, lang);
}

function commandTable(lang: Language): string {
  const rows = commandRows().map((row) => {
    const argument = row.argument === undefined ? "" : ` ${row.argument.name}`;
    return [code(commandName(row) + argument), row.help[lang]];
  });
  return table([HEADS.command, HEADS.meaning], rows, lang);
}

function table(heads: readonly Text[], rows: readonly (readonly string[])[], lang: Language): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return line(heads.map((head) => head[lang])) + line(heads.map(() => "---")) + rows.map(line).join("");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
