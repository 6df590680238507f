import type { Text } from "../../../domain/text.ts";

/** Values known so far, by option; what a question's condition looks at. */
export type Known = Readonly<Record<string, unknown>>;

/**
 * When a question's turn is: before the login to Cloudera Manager, while its cluster is looked at (only where there are
 * several to choose from), or when everything that can be found out has been.
 */
export type Stage = "login" | "cluster" | "wishes";

/** A question of the wizard. */
export interface Question {
  readonly prompt: Text;
  readonly stage: Stage;
  /** Place among the questions of its stage; ascending. */
  readonly order: number;
  /** Asked only if this holds for what is known by then; without it, always. */
  readonly when?: (known: Known) => boolean;
  /** An empty reply is right, too: nothing of the kind is there. */
  readonly optional?: true;
}
