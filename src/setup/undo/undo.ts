import { commandFailure } from "../../messages/failures/cli/commands.ts";
import { type Answers, withAnswer } from "../answers/answers.ts";
import { Journal, type JournalContent } from "../apply/journal/journal.ts";
import { reversePlan } from "../apply/reverse-plan.ts";
import type { Plan } from "../plan/change.ts";
import { loggedIn } from "../survey/cluster.ts";
import type { Login } from "../world/login.ts";
import type { World } from "../world/world.ts";

/** The plan of an undo. Close it when done: its changes may hold a login. */
export interface Undo {
  readonly plan: Plan;
  /** The journal that the plan takes back, by name; undefined: nothing is left to take back. */
  readonly undoes?: string;
  close(): void;
}

/**
 * The plan that takes the last apply back of which something is left. Reads only.
 * @throws Failure `failed`: `nothing-to-undo`, `changed-since`
 */
export async function planUndo(given: Answers, world: World, stateDir: string): Promise<Undo> {
  let seen = 0;
  for await (const { name, content } of Journal.undoable(stateDir, world)) {
    seen += 1;
    let login: Login | undefined;
    const close = (): void => login?.close();
    try {
      const plan = await reversePlan(content.steps, world, async () => {
        login ??= await loggedIn(asThen(given, content), world);
        return login;
      });
      if (plan.changes.length > 0) return { plan, undoes: name, close };
    } catch (error) {
      close();
      throw error;
    }
    // Nothing of it is left (it was taken back when it failed, or by hand): the one before it is meant.
    close();
  }
  if (seen > 0) return { plan: { changes: [], warnings: [], next: [] }, close: () => undefined };
  throw commandFailure("nothing-to-undo", { stateDir });
}

/** The answers with the Cloudera Manager that the apply was logged in to, unless they name one. */
function asThen(given: Answers, { cloudera }: JournalContent): Answers {
  const origin = { kind: "discovered", detail: "journal" } as const;
  const url = given.cmUrl === undefined ? withAnswer(given, "cmUrl", cloudera?.url ?? "", origin) : given;
  return url.cmUser === undefined ? withAnswer(url, "cmUser", cloudera?.user ?? "", origin) : url;
}
