import { choicesOf, type OptionType } from "../../../setup/answers/option.ts";
import { commandRows, PROGRAM, type ShownOption, shownOptions } from "../rows.ts";

/** A bash completion script that needs nothing but bash 3.2: no bash-completion package, no `mapfile`. */
export function bashCompletion(): string {
  return `# bash completion for ${PROGRAM}; made from the program's option table
_hue_impala_setup() {
  local cur prev prefix="" word found="" words="" options="" i
  cur=\${COMP_WORDS[COMP_CWORD]}
  prev=\${COMP_WORDS[COMP_CWORD - 1]}
  # bash splits --flag=value at the = sign, unless COMP_WORDBREAKS was changed
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $prev == "=" ]] && ((COMP_CWORD >= 2)); then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $cur == --*=* ]]; then
    prev=\${cur%%=*} prefix=\${cur%%=*}= cur=\${cur#*=}
  fi

  case $prev in
${valueCases()}
  esac

  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      ${flagsWithValue().join(" | ")})
        [[ \${COMP_WORDS[i + 1]} == "=" ]] && ((i++))
        ((i++))
        ;;
      -* | =) ;;
      *) found+="\${found:+ }$word" ;;
    esac
  done

  case $found in
${commandCases()}
  esac
  [[ -z $cur && -n $words ]] || words+=" $options"
  _hue_impala_setup_reply -W "$words"
}

# what compgen finds for the current word, a line each
_hue_impala_setup_reply() {
  local match
  COMPREPLY=()
  while IFS= read -r match; do
    COMPREPLY+=("$prefix$match")
  done < <(compgen "$@" -- "$cur")
}

complete -F _hue_impala_setup ${PROGRAM}
`;
}

/** Every flag once; a test holds that a flag means the same in all commands. */
function allOptions(): readonly ShownOption[] {
  const byFlag = new Map<string, ShownOption>();
  for (const command of commandRows()) {
    for (const option of shownOptions(command)) byFlag.set(option.flag, option);
  }
  return [...byFlag.values()];
}

function flagsWithValue(): string[] {
  return allOptions()
    .filter((option) => option.type.kind !== "flag")
    .map((option) => option.flag);
}

/** One branch for each way to complete a value. */
function valueCases(): string {
  const flagsByAction = new Map<string, string[]>();
  for (const option of allOptions()) {
    if (option.type.kind === "flag") continue;
    const action = valueAction(option.type, option.placeholder);
    flagsByAction.set(action, [...(flagsByAction.get(action) ?? []), option.flag]);
  }
  return [...flagsByAction]
    .map(([action, flags]) => {
      const lines = action === "" ? [] : action.split("\n");
      return `    ${flags.join(" | ")})\n${[...lines, "return"].map((line) => `      ${line}\n`).join("")}      ;;`;
    })
    .join("\n");
}

const HOSTS = "_hue_impala_setup_reply -A hostname";
const NOTHING = "COMPREPLY=()";

function valueAction(type: OptionType, placeholder: string | undefined): string {
  switch (type.kind) {
    case "choice":
      return `_hue_impala_setup_reply -W "${choicesOf(type).join(" ")}"`;
    case "path":
      return `compopt -o filenames 2>/dev/null\n_hue_impala_setup_reply ${placeholder === "DIR" ? "-d" : "-f"}`;
    case "host":
      return HOSTS;
    case "endpoint":
      return type.defaultPort === undefined ? NOTHING : HOSTS;
    default:
      return NOTHING;
  }
}

/** The words and options that may follow the command found so far. */
function commandCases(): string {
  const cases: { pattern: string; words: readonly string[]; options: readonly string[] }[] = [];
  const rows = commandRows();
  for (const family of new Set(rows.filter((row) => row.words.length > 1).map((row) => row.words[0] ?? ""))) {
    const words = rows.filter((row) => row.words[0] === family).map((row) => row.words[1] ?? "");
    cases.push({ pattern: `"${family}"`, words, options: ["--help"] });
  }
  for (const row of rows) {
    const name = row.words.join(" ");
    const options = shownOptions(row).map((option) => option.flag);
    const firstWords = [...new Set(rows.flatMap((other) => other.words.slice(0, 1)))];
    const words = row.words.length === 0 ? firstWords : (row.argument?.choices ?? []);
    cases.push({ pattern: `"${name}"`, words, options });
    if (row.argument !== undefined) cases.push({ pattern: `"${name} "*`, words: [], options });
  }
  return cases
    .map(({ pattern, words, options }) => {
      const assignments = words.length === 0 ? [] : [`words="${words.join(" ")}"`];
      assignments.push(`options="${options.join(" ")}"`);
      return `    ${pattern})\n${assignments.map((line) => `      ${line}\n`).join("")}      ;;`;
    })
    .join("\n");
}
