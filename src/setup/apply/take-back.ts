import type { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { systemText } from "../../messages/errno.ts";
import { runFailure } from "../../messages/failures/run.ts";
import { APPLY_WORDS, applyFailure } from "../../messages/failures/setup/apply.ts";
import type { Change, ChangeStatus } from "../plan/change.ts";
import { loginOf } from "../plan/change.ts";
import type { Login } from "../world/login.ts";
import type { WritableWorld } from "../world/world.ts";
import { execute } from "./execute.ts";
import { Journal } from "./journal/journal.ts";
import { reversePlan } from "./reverse-plan.ts";
import type { WayBack } from "./room.ts";

/** How one change of a plan stands while the plan is carried out. */
export interface Outcome {
  readonly change: Change;
  status: ChangeStatus;
  note?: Text;
}

/** Told of each change before and after it is made. */
export type Progress = (change: Change, status: "begun" | ChangeStatus) => void;

interface Means {
  readonly world: WritableWorld;
  readonly stateDir: string;
  readonly onChange: Progress;
  /** Room that was kept for this. */
  readonly room: WayBack;
}

/** Reverses what was done; the failure gets stronger if that does not work either. */
export async function takeBack(
  failure: Failure,
  outcomes: readonly Outcome[],
  journal: Journal,
  { world, stateDir, onChange, room }: Means,
): Promise<Failure> {
  if (journal.content.steps.length === 0) return failure;
  const interrupted = world.signal.aborted;
  // The signal that interrupted the run must not interrupt its undoing.
  const calm: WritableWorld = { ...world, signal: new AbortController().signal };
  let again: Login | undefined;
  try {
    await room.release();
    const back = await reversePlan(journal.content.steps, world, async () => {
      const login = outcomes.map(({ change }) => loginOf(change)).find((found) => found !== undefined);
      if (login === undefined) throw new TypeError("a step in Cloudera Manager was recorded without a login");
      if (!interrupted) return login;
      again ??= await login.reconnect();
      return again;
    });
    const undoing = await Journal.create(calm, stateDir, {
      undoes: journal.name,
      planned: back.changes.length,
    });
    for (const change of back.changes) {
      await execute(change, undoing, calm, { backup: false });
      onChange(change, "rolled-back");
    }
    await removeBackups(journal, calm);
    for (const outcome of outcomes) {
      if (outcome.status === "changed") outcome.status = "rolled-back";
    }
    // What an interruption left unknown has been looked at in the meantime.
    if (!interrupted) return failure;
    return runFailure("interrupted", { what: APPLY_WORDS.takenBack });
  } catch (error) {
    return applyFailure("partly-applied", {
      reason: failure.text,
      way: systemText(error),
      journal: journal.path,
    });
  } finally {
    again?.close();
  }
}

/** The files have the content again that the backups of this run hold. One that somebody has changed stays. */
async function removeBackups({ content }: Journal, { write }: WritableWorld): Promise<void> {
  for (const step of content.steps) {
    if (step.kind !== "file" || step.backup === undefined || step.beforeHash === null) continue;
    await write.removeFile(step.backup, { expected: step.beforeHash, backup: false }).catch(() => undefined);
  }
}
