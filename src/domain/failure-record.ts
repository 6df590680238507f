import { Failure, type FailureKind } from "./failure.ts";
import type { Text } from "./text.ts";

/**
 * A Failure as it goes through a socket or a file; its reader may know codes that the writer does not, and the other
 * way.
 */
export interface FailureRecord {
  readonly kind: FailureKind;
  readonly code: string;
  /** In English. */
  readonly message: string;
  readonly hint?: string;
  /** In both languages; absent from older writers. */
  readonly text?: Text;
  readonly hintText?: Text;
}

export function recordOf({ kind, code, message, hint, text, hintText }: Failure): FailureRecord {
  return {
    kind,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    text,
    ...(hintText === undefined ? {} : { hintText }),
  };
}

export function failureOf({ kind, code, message, hint, text, hintText }: FailureRecord): Failure {
  return new Failure(kind, code, text ?? message, hintText ?? hint);
}

/** The same failure, by its code and remedy, of another kind and in other words. */
export function rewordedFailure({ code, hintText }: Failure, kind: FailureKind, text: Text): Failure {
  return new Failure(kind, code, text, hintText);
}

/** The same failure said of a file: `PATH: …`. */
export function failureIn(path: string, failure: Failure, kind = failure.kind): Failure {
  const { code, text, hintText } = failure;
  return new Failure(kind, code, { en: `${path}: ${text.en}`, ja: `${path}: ${text.ja}` }, hintText);
}
