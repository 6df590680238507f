import { Failure, type FailureKind } from "./failure.ts";
import { type Finding, type FindingStatus, finding } from "./finding.ts";
import type { Text } from "./text.ts";
import type { Warning } from "./warning.ts";

/** A wording in both languages, made from the row's values where it has some. */
type Wording<V> = Text | ((values: V) => Text);

/** One failure: why the run ended, what to do, and the exit code by its kind. */
export interface FailureRow<V> {
  readonly kind: FailureKind | ((values: V) => FailureKind);
  readonly message: Wording<V>;
  /** What to do about it; a row may have something to say only for some values. */
  readonly hint?: Text | ((values: V) => Text | undefined);
  /** Values for `docs/codes.md` and for the test that reads every row in both languages. */
  readonly example: V;
}

/** One warning: what the administrator should know though the run goes on. */
export interface WarningRow<V> {
  readonly message: Wording<V>;
  readonly example: V;
}

/** One outcome of one of the doctor's checks. */
export interface FindingRow<V> {
  /** Name of the check. */
  readonly check: string | ((values: V) => string);
  readonly status: FindingStatus | ((values: V) => FindingStatus);
  readonly message: Wording<V>;
  /** What to do about it. */
  readonly remedy?: Text | ((values: V) => Text | undefined);
  readonly example: V;
}

/** Rows of any values, for code that handles whole tables. */
// biome-ignore lint/suspicious/noExplicitAny: each row has values of its own
export type FailureTable = Readonly<Record<string, FailureRow<any>>>;
// biome-ignore lint/suspicious/noExplicitAny: each row has values of its own
export type WarningTable = Readonly<Record<string, WarningRow<any>>>;

// biome-ignore lint/suspicious/noExplicitAny: each row has values of its own
export type FindingTable = Readonly<Record<string, FindingRow<any>>>;

type ValuesOf<R> = R extends { readonly example: infer V }
  ? [V] extends [undefined]
    ? []
    : undefined extends V
      ? [values?: V]
      : [values: V]
  : never;

/** Gives a row its values: `failureRow<{ path: string }>({ … })`; a row without values leaves type and example out. */
export function failureRow(row: Omit<FailureRow<undefined>, "example">): FailureRow<undefined>;
export function failureRow<V>(row: FailureRow<V>): FailureRow<V>;
export function failureRow(row: Omit<FailureRow<undefined>, "example">): FailureRow<undefined> {
  return { example: undefined, ...row };
}

/** As {@link failureRow}, for warnings. */
export function warningRow(row: Omit<WarningRow<undefined>, "example">): WarningRow<undefined>;
export function warningRow<V>(row: WarningRow<V>): WarningRow<V>;
export function warningRow(row: Omit<WarningRow<undefined>, "example">): WarningRow<undefined> {
  return { example: undefined, ...row };
}

/** As {@link failureRow}, for findings. */
export function findingRow(row: Omit<FindingRow<undefined>, "example">): FindingRow<undefined>;
export function findingRow<V>(row: FindingRow<V>): FindingRow<V>;
export function findingRow(row: Omit<FindingRow<undefined>, "example">): FindingRow<undefined> {
  return { example: undefined, ...row };
}

/**
 * The maker of a table's failures: `throw systemFailure("is-folder", { path })`. A code without a row and values of
 * another type do not compile.
 */
export function failuresOf<T extends FailureTable>(table: T) {
  return <C extends keyof T & string>(code: C, ...given: ValuesOf<T[C]>): Failure => {
    const row: FailureRow<unknown> | undefined = table[code];
    if (row === undefined) throw new TypeError(`no failure has the code ${code}`);
    const values: unknown = given.at(0);
    const kind = typeof row.kind === "function" ? row.kind(values) : row.kind;
    const hint = typeof row.hint === "function" ? row.hint(values) : row.hint;
    return new Failure(kind, code, worded(row.message, values), hint);
  };
}

/** The same failure in other words: kind and code stay. For what failed on the way to something else. */
export function retold(failure: Failure, text: Text, hint: Text | undefined = failure.hintText): Failure {
  return new Failure(failure.kind, failure.code, text, hint);
}

/** The maker of a table's warnings. */
export function warningsOf<T extends WarningTable>(table: T) {
  return <C extends keyof T & string>(code: C, ...given: ValuesOf<T[C]>): Warning => {
    const row: WarningRow<unknown> | undefined = table[code];
    if (row === undefined) throw new TypeError(`no warning has the code ${code}`);
    const text = worded(row.message, given.at(0));
    return { code, message: text.en, text };
  };
}

/** The maker of a table's findings. */
export function findingsOf<T extends FindingTable>(table: T) {
  return <C extends keyof T & string>(code: C, ...given: ValuesOf<T[C]>): Finding => {
    const row: FindingRow<unknown> | undefined = table[code];
    if (row === undefined) throw new TypeError(`no finding has the code ${code}`);
    const values: unknown = given.at(0);
    const check = typeof row.check === "function" ? row.check(values) : row.check;
    const status = typeof row.status === "function" ? row.status(values) : row.status;
    const remedy = typeof row.remedy === "function" ? row.remedy(values) : row.remedy;
    return finding(check, status, worded(row.message, values), remedy);
  };
}

/** A wording with its values filled in. */
export function worded<V>(wording: Wording<V>, values: V): Text {
  return typeof wording === "function" ? wording(values) : wording;
}
