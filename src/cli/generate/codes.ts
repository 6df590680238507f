import type { FailureRow, FindingRow, WarningRow } from "../../domain/catalogue.ts";
import { worded } from "../../domain/catalogue.ts";
import type { Text } from "../../domain/text.ts";
import { exitCodeOf } from "../exit.ts";

/** Tables of one sort; a table made of other tables repeats their rows. */
export type Tables<R> = readonly { readonly name: string; readonly rows: Readonly<Record<string, R>> }[];

// biome-ignore-start lint/suspicious/noExplicitAny: each row has values of its own
/** All that the program can say with a code. */
export interface Catalogue {
  readonly failures: Tables<FailureRow<any>>;
  readonly warnings: Tables<WarningRow<any>>;
  readonly findings: Tables<FindingRow<any>>;
}
// biome-ignore-end lint/suspicious/noExplicitAny: each row has values of its own

/**
 * The catalogue in the modules that hold its tables, known by their names: `…_FAILURES`, `…_WARNINGS`, `…_FINDINGS`.
 */
export function catalogueOf(modules: readonly Readonly<Record<string, unknown>>[]): Catalogue {
  const named = <R>(suffix: string): Tables<R> =>
    modules
      .flatMap((module) => Object.entries(module))
      .filter(([name]) => name.endsWith(suffix))
      .map(([name, rows]) => ({ name, rows: rows as Readonly<Record<string, R>> }));
  return {
    failures: named("_FAILURES"),
    warnings: named("_WARNINGS"),
    findings: named("_FINDINGS"),
  };
}

/** One code with its texts, the values of its example filled in. */
export interface ShownCode {
  readonly code: string;
  /** Kind and exit code of a failure, status of a finding. */
  readonly kind: string;
  readonly message: Text;
  readonly hint: Text | undefined;
  readonly example: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: each row has values of its own
  readonly row: FailureRow<any> | WarningRow<any> | FindingRow<any>;
}

/** All failures, in the order of their codes. */
export function shownFailures({ failures }: Catalogue): ShownCode[] {
  return shown(failures, (code, row) => {
    const { kind, message, hint, example } = row;
    const one = typeof kind === "function" ? kind(example) : kind;
    return {
      code,
      kind: `${one} (${exitCodeOf(one)})`,
      message: worded(message, example),
      hint: typeof hint === "function" ? hint(example) : hint,
      example,
      row,
    };
  });
}

/** All warnings, in the order of their codes. */
export function shownWarnings({ warnings }: Catalogue): ShownCode[] {
  return shown(warnings, (code, row) => ({
    code,
    kind: "",
    message: worded(row.message, row.example),
    hint: undefined,
    example: row.example,
    row,
  }));
}

/** All checks of the doctor, in the order of their names. */
export function shownFindings({ findings }: Catalogue): ShownCode[] {
  return shown(findings, (_, row) => {
    const { check, status, message, remedy, example } = row;
    return {
      code: typeof check === "function" ? check(example) : check,
      kind: typeof status === "function" ? status(example) : status,
      message: worded(message, example),
      hint: typeof remedy === "function" ? remedy(example) : remedy,
      example,
      row,
    };
  });
}

/** `docs/codes.md`: every code that scripts may meet, with what people read in both languages. */
export function codesPage(catalogue: Catalogue): string {
  return [
    "# Codes",
    "",
    "Made from the catalogue in `src/messages` by `npm run generate`; the values are examples. Codes are stable: scripts may",
    "rely on them (`error.code`, `warnings[].code` and `findings[].check` of `--json`). JSON and logs are English, what",
    "people read follows `--lang`.",
    "",
    ...section("Failures", "Kind (exit code)", "What to do", shownFailures(catalogue)),
    ...section("Warnings", undefined, undefined, shownWarnings(catalogue)),
    ...section("Checks of `doctor`", "Example", "What to do", shownFindings(catalogue)),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function shown<R>(tables: Tables<R>, show: (code: string, row: R) => ShownCode): ShownCode[] {
  const byCode = new Map(tables.flatMap(({ rows }) => Object.entries(rows)));
  return [...byCode].map(([code, row]) => show(code, row)).toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

function section(
  title: string,
  kind: string | undefined,
  hint: string | undefined,
  codes: readonly ShownCode[],
): string[] {
  const heads = [
    "Code",
    ...(kind === undefined ? [] : [kind]),
    "Message",
    ...(hint === undefined ? [] : [hint]),
  ];
  const rows = codes.map((row) => [
    `\`${row.code}\``,
    ...(kind === undefined ? [] : [row.kind]),
    both(row.message),
    ...(hint === undefined ? [] : [row.hint === undefined ? "" : both(row.hint)]),
  ]);
  return [`## ${title}`, "", line(heads), line(heads.map(() => "---")), ...rows.map(line), ""];
}

function both({ en, ja }: Text): string {
  return en === ja ? cell(en) : `${cell(en)}<br>${cell(ja)}`;
}

function cell(text: string): string {
  return text
    .replaceAll(/[\\`*_<>[\]]/g, "\\$&")
    .replaceAll("|", "\\|")
    .replaceAll("\n", "<br>");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
