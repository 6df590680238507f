import { singleQuoted } from "../../../domain/words/shell.ts";
import { choicesOf } from "../../../setup/answers/option.ts";
import type { CommandRow } from "../../parse/command-table.ts";
import { commandRows, PROGRAM, type ShownOption, shownOptions } from "../rows.ts";

/** A zsh completion function for a folder of `fpath`, as `_hue-impala-setup`. */
export function zshCompletion(): string {
  const rows = commandRows();
  const families = [...new Set(rows.filter((row) => row.words.length > 1).map((row) => row.words[0] ?? ""))];
  const single = rows.filter((row) => row.words.length === 1).map((row) => row.words[0] ?? "");
  return `#compdef ${PROGRAM}
# made from the program's option table

_hue_impala_setup() {
  local context state state_descr line found=""
  local -a commands
  typeset -A opt_args

  if (( CURRENT > 2 )); then
    case $words[2] in
      (${single.join("|")})
        found=$words[2]
        shift words
        (( CURRENT-- ))
        ;;
      (${families.join("|")})
        if (( CURRENT == 3 )); then
          case $words[2] in
${families.map((family) => familyCase(family, rows)).join("\n")}
          esac
          _describe -t commands command commands
          return
        fi
        found="$words[2] $words[3]"
        shift 2 words
        (( CURRENT -= 2 ))
        ;;
    esac
  fi

  case $found in
${rows.map(commandCase).join("\n")}
  esac

  if [[ $state == command ]]; then
    commands=(
${firstWords(rows).join("\n")}
    )
    _describe -t commands command commands
  fi
}

if [[ $funcstack[1] == _hue-impala-setup ]]; then
  _hue_impala_setup "$@"
else
  compdef _hue_impala_setup ${PROGRAM}
fi
`;
}

function familyCase(family: string, rows: readonly CommandRow[]): string {
  const described = rows
    .filter((row) => row.words[0] === family)
    .map((row) => singleQuoted(`${row.words[1] ?? ""}:${row.help.en}`));
  return `            (${family}) commands=(${described.join(" ")}) ;;`;
}

function firstWords(rows: readonly CommandRow[]): string[] {
  const first = new Map<string, string>();
  for (const row of rows) {
    const [word] = row.words;
    if (word === undefined) continue;
    const siblings = rows.filter((other) => other.words[0] === word && other.words.length > 1);
    const help = siblings.length > 0 ? siblings.map((other) => other.words[1]).join(", ") : row.help.en;
    first.set(word, singleQuoted(`${word}:${help}`));
  }
  return [...first.values()].map((line) => `      ${line}`);
}

function commandCase(row: CommandRow): string {
  const specs = shownOptions(row).map(optionSpec);
  if (row.words.length === 0) specs.push(singleQuoted("1: :->command"));
  if (row.argument !== undefined) {
    const name = row.argument.name.replace(/[<>[\]]/g, "");
    specs.push(singleQuoted(`1:${name}:${action(row.argument.choices ?? [])}`));
  }
  const lines = specs.map((spec) => `        ${spec}`).join(" \\\n");
  return `    (${singleQuoted(row.words.join(" "))})\n      _arguments \\\n${lines}\n      ;;`;
}

function optionSpec(option: ShownOption): string {
  const help = `[${option.help.en.replace(/[[\]:\\]/g, "\\$&")}]`;
  if (option.short !== undefined) {
    return `'(${option.short} ${option.flag})'{${option.short},${option.flag}}${singleQuoted(help)}`;
  }
  if (option.type.kind === "flag") return singleQuoted(option.flag + help);
  const message = (option.placeholder ?? "").replace(/[:\\]/g, "\\$&");
  return singleQuoted(
    `${option.repeatable ? "*" : ""}${option.flag}=${help}:${message}:${valueAction(option)}`,
  );
}

function valueAction(option: ShownOption): string {
  switch (option.type.kind) {
    case "choice":
      return action(choicesOf(option.type));
    case "path":
      return option.placeholder === "DIR" ? "_files -/" : "_files";
    case "host":
      return "_hosts";
    case "endpoint":
      // A host alone is enough only where there is a default port.
      return option.type.defaultPort === undefined ? " " : "_hosts";
    default:
      return " ";
  }
}

function action(choices: readonly string[]): string {
  return choices.length === 0 ? " " : `(${choices.join(" ")})`;
}
