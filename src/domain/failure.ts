import { sameText, type Text } from "./text.ts";

/**
 * Why a run ended without the desired state. One switch in `cli/exit.ts` turns a kind into an exit code.
 *
 * - `failed`: nothing changed, or everything rolled back (exit 1)
 * - `partial`: partly applied, a person is needed (exit 3)
 * - `usage`: wrong arguments (exit 64)
 * - `unparsable`: hue.ini, valve, answers or specification cannot be parsed (exit 65)
 * - `unreachable`: Cloudera Manager or a host cannot be reached (exit 69)
 * - `locked`: another run holds the lock (exit 75)
 * - `auth`: authentication or permission (exit 77)
 * - `settings`: missing or invalid settings (exit 78)
 * - `interrupted`: Ctrl-C or SIGTERM (exit 130 or 143)
 */
export type FailureKind = (typeof FAILURE_KINDS)[number];

export const FAILURE_KINDS = [
  "failed",
  "partial",
  "usage",
  "unparsable",
  "unreachable",
  "locked",
  "auth",
  "settings",
  "interrupted",
] as const;

/**
 * An error meant for the person at the terminal: what is wrong and where (`message`), and what to do (`hint`). Its
 * texts are rows of the catalogue in `messages/`; `message` and `hint` are the English ones, for logs and JSON.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;
  /** Stable identifier for scripts, kebab-case, English in every language: `cm-unreachable`, `unknown-cluster`. */
  readonly code: string;
  readonly text: Text;
  readonly hintText: Text | undefined;

  constructor(kind: FailureKind, code: string, message: string | Text, hint?: string | Text) {
    const text = typeof message === "string" ? sameText(message) : message;
    super(text.en);
    this.kind = kind;
    this.code = code;
    this.text = text;
    this.hintText = typeof hint === "string" ? sameText(hint) : hint;
  }

  get hint(): string | undefined {
    return this.hintText?.en;
  }
}

/** The message of anything thrown, for embedding in a Failure; never the object itself (it may carry secrets). */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The errno name (`ENOENT`) of a Node system error, or undefined. */
export function errnoOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}
