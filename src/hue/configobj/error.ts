/**
 * What kind of refusal: ConfigObj's own classes, Python's decoding error, and a line ending that Hue's versions read
 * differently.
 */
export type ConfigObjErrorName =
  | "ParseError"
  | "NestingError"
  | "DuplicateError"
  | "UnicodeError"
  | "LineEndingError";

/** One reason why ConfigObj refuses a document; `line` is 1-based, `message` is ConfigObj's own wording. */
export interface ConfigObjProblem {
  readonly error: ConfigObjErrorName;
  readonly line: number;
  readonly message: string;
}

/**
 * ConfigObj would refuse this document, so Hue would not start with it. Carries the first problem's class, line
 * (1-based) and wording; `problems` has all of them (at most {@link MAX_PROBLEMS}), `count` how many there were.
 */
export class ConfigObjError extends Error {
  override readonly name = "ConfigObjError";
  readonly error: ConfigObjErrorName;
  readonly line: number;
  readonly problems: readonly ConfigObjProblem[];
  readonly count: number;

  constructor(
    first: ConfigObjProblem,
    problems: readonly ConfigObjProblem[] = [first],
    count = problems.length,
  ) {
    super(first.message);
    this.error = first.error;
    this.line = first.line;
    this.problems = problems;
    this.count = count;
  }
}

/** How many problems of one document are kept. */
export const MAX_PROBLEMS = 100;
