import { HAPROXY_FILE, HUE_INIS, SPEC_FILE, STATE_DIR, UNIT_DIRS } from "../../domain/well-known.ts";
import type { OptionGroup } from "../../setup/answers/option.ts";
import { EXIT_CODES } from "../exit.ts";
import type { CommandRow } from "../parse/command-table.ts";
import { wrap } from "../render/width.ts";
import { ENVIRONMENT } from "./environment.ts";
import { examplesOf } from "./examples.ts";
import { commandRows, GROUPS, PROGRAM, type ShownOption, shownOptions } from "./rows.ts";

const FILES: readonly (readonly [string, string])[] = [
  [HUE_INIS[0], "what Hue reads, edited in place with a backup beside it"],
  [SPEC_FILE, "specification of the bundled balancer"],
  [HAPROXY_FILE, "configuration of HAProxy"],
  [UNIT_DIRS[0], "folder of the systemd unit"],
  [STATE_DIR, "journal of the last apply and the lock"],
];

/**
 * The manual page in mdoc, for man-db (groff) and mandoc.
 * @param date as mdoc writes it, `November 22, 2026`
 */
export function manPage(date: string): string {
  const [setup] = commandRows();
  const commands = commandRows().slice(1);
  return [
    `.Dd ${date}`,
    `.Dt ${PROGRAM.toUpperCase()} 1`,
    ".Os",
    ".Sh NAME",
    `.Nm ${PROGRAM}`,
    ".Nd make Hue use every Impala coordinator of a cluster",
    ".Sh SYNOPSIS",
    ".Nm",
    ".Op Ar options",
    ...commands.flatMap((command) => [".Nm", synopsis(command)]),
    ".Sh DESCRIPTION",
    ".Nm",
    ...text(
      "discovers the Impalads of a cluster through Cloudera Manager, runs a TCP balancer over them or configures",
    ),
    ...text(
      "HAProxy, points Hue at it in hue.ini or in Cloudera Manager, and proves and undoes what it did.",
    ),
    ".Pp",
    ...text(
      "On a terminal it asks for what is missing, shows the plan with its diffs and asks once before it applies it.",
    ),
    ...text("In scripts"),
    ".Fl -non-interactive",
    ...text("never asks. A second run changes nothing."),
    ".Ss Commands",
    ".Bl -tag -width Ds",
    ...commands.flatMap((command) => [
      `.It Cm ${[...command.words].join(" ")}`,
      ...text(sentence(command.help.en)),
    ]),
    ".El",
    ...(setup === undefined ? [] : optionSections(shownOptions(setup))),
    ".Ss Options of single commands",
    ".Bl -tag -width Ds",
    ...commands.flatMap(ownOptions),
    ".El",
    ".Sh ENVIRONMENT",
    ...text(
      "Every option above that names a variable can be given by it. A variable counts less than the option and more",
    ),
    ...text("than the answers file; then come discovered values and the default."),
    ".Bl -tag -width Ds",
    ...ENVIRONMENT.flatMap(({ name, help }) => [
      `.It ${name
        .split(", ")
        .map((one) => `Ev ${one}`)
        .join(" , ")}`,
      ...text(sentence(help.en)),
    ]),
    ".El",
    ".Sh FILES",
    ".Bl -tag -width Ds",
    ...FILES.flatMap(([path, help]) => [`.It Pa ${path}`, ...text(sentence(help))]),
    ".El",
    ".Sh EXIT STATUS",
    ".Bl -tag -width 143",
    ...EXIT_CODES.flatMap(({ code, meaning }) => [`.It ${code}`, ...text(sentence(meaning.en))]),
    ".El",
    ".Sh EXAMPLES",
    ...commandRows().flatMap(examples).slice(1),
    ".Sh SEE ALSO",
    ".Xr haproxy 1 ,",
    ".Xr systemd.service 5 ,",
    ".Xr keepalived 8",
    "",
  ].join("\n");
}

function synopsis(command: CommandRow): string {
  const words = `.Cm ${command.words.join(" ")}`;
  const argument =
    command.argument === undefined ? "" : ` Ar ${command.argument.name.replace(/[<>[\]]/g, "")}`;
  return `${words}${argument} Op Ar options`;
}

function optionSections(options: readonly ShownOption[]): string[] {
  return (Object.keys(GROUPS) as OptionGroup[]).flatMap((group) => {
    const members = options.filter((option) => option.group === group);
    if (members.length === 0) return [];
    return [`.Ss ${GROUPS[group].en}`, ".Bl -tag -width Ds", ...members.flatMap(optionItem), ".El"];
  });
}

/** Options that only one command takes, under the command's name. */
function ownOptions(command: CommandRow): string[] {
  const own = shownOptions(command).filter((option) => option.group === "command");
  return own.flatMap((option) => {
    const [first = "", ...rest] = optionItem(option);
    return [`${first} Pq Cm ${command.words.join(" ")}`, ...rest];
  });
}

function optionItem(option: ShownOption): string[] {
  const short = option.short === undefined ? "" : `Fl ${option.short.slice(1)} , `;
  const value = option.placeholder === undefined ? "" : ` Ar ${option.placeholder}`;
  const lines = [`.It ${short}Fl ${option.flag.slice(1)}${value}`, ...text(sentence(option.help.en))];
  if (option.defaultText !== undefined) lines.push(...text(`Default: ${option.defaultText.en}.`));
  if (option.environment !== undefined) lines.push("Variable:", `.Ev ${option.environment} .`);
  return lines;
}

/** All examples of the set-up itself, the first of every other command. */
function examples(command: CommandRow): string[] {
  const shown = command.words.length === 0 ? examplesOf(command) : examplesOf(command).slice(0, 1);
  return shown.flatMap(({ line, note }) => [
    ".Pp",
    ...text(`${sentence(note.en).slice(0, -1)}:`),
    `.Dl $ ${escaped(line)}`,
  ]);
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** Text lines of roff: each sentence on lines of its own, a control character never first. */
function text(words: string): string[] {
  return words
    .split(/(?<=[.;]) (?=[A-Z])/)
    .flatMap((line) => wrap(escaped(line), 78))
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line));
}

function escaped(words: string): string {
  return words.replaceAll("\\", "\\e");
}
