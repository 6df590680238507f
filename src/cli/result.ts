import type { Failure } from "../domain/failure.ts";
import type { Context } from "./context.ts";

/** What a command ends with. `main` prints it: the document with --json, else the text. */
export interface Result {
  /** Members of the JSON document besides schema, command, warnings and error. */
  readonly document: Readonly<Record<string, unknown>>;
  /** Standard output for people; latin1 diffs come as bytes. */
  readonly text: string | Uint8Array;
  /** Standard error for people, printed after the text: warnings are added to it. */
  readonly remarks?: string;
  /** 0 unless said otherwise; a failure brings its own. */
  readonly exitCode?: number;
  readonly failure?: Failure;
}

/** A command's work. What it throws is printed with `empty` as the rest of the document. */
export interface CommandModule {
  run(context: Context): Promise<Result>;
  /** The document's members when the command failed before it had a result. */
  readonly empty?: (context: Context) => Readonly<Record<string, unknown>>;
}
