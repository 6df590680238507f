import type { Text } from "./text.ts";

/** Something the administrator should know though the run goes on: a row of the catalogue in `messages/`. */
export interface Warning {
  /** Stable, kebab-case, English. */
  readonly code: string;
  /** In English, for logs and JSON. */
  readonly message: string;
  /** For people. */
  readonly text?: Text;
}
