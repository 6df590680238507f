import { join } from "node:path";
import type { CmClient } from "../../cloudera/client/client.ts";
import { Failure, messageOf } from "../../domain/failure.ts";
import { acquireLock } from "../../system/processes/lock.ts";
import type { Change, ChangeStatus, Plan, Report } from "../plan/change.ts";
import { reversePlan } from "../undo/reverse-plan.ts";
import { execute } from "./execute.ts";
import type { Hands } from "./hands.ts";
import { Journal } from "./journal.ts";
import { preflight, requireWritable } from "./preflight.ts";

/** How an apply ended: the report, and the failure that stopped it if one did. */
export interface Applied {
  readonly report: Report;
  readonly failure?: Failure;
}

/**
 * Makes the changes of a plan, one after the other, each recorded in the journal before it is made. When one fails or
 * the run is interrupted, those already made are taken back in reverse order. An empty plan touches nothing.
 * @throws Failure before the first change: another run holds the lock, or the preflight refuses
 */
export async function apply(plan: Plan, hands: Hands, undoes?: string): Promise<Applied> {
  const report = (outcomes: Report["outcomes"], journal?: string): Report => ({
    outcomes,
    warnings: plan.warnings,
    next: plan.next,
    ...(journal === undefined ? {} : { journal }),
  });
  if (plan.changes.length === 0) return { report: report([]) };

  await preflight(plan);
  await requireWritable(plan);
  const lock = await acquireLock(join(hands.stateDir, "lock"));
  try {
    const journal = await Journal.create(hands.stateDir, hands.outside.now(), {
      tool: hands.outside.version,
      ...(hands.client === undefined ? {} : { cloudera: { url: hands.client.url, user: hands.client.user } }),
      ...(undoes === undefined ? {} : { undoes }),
    });
    const outcomes = plan.changes.map((change) => ({ change, status: "planned" as ChangeStatus, note: "" }));
    const failure = await makeChanges(outcomes, journal, hands);
    const left =
      failure &&
      (restartFailed(outcomes) ? unrestarted(failure) : await takeBack(failure, outcomes, journal, hands));
    const shown = outcomes.map(({ change, status, note }) => ({
      change,
      status,
      ...(note === "" ? {} : { note }),
    }));
    const recorded = journal.content.steps.length > 0 ? journal.path : undefined;
    return { report: report(shown, recorded), ...(left === undefined ? {} : { failure: left }) };
  } finally {
    await lock.release();
  }
}

type Outcome = { change: Change; status: ChangeStatus; note: string };

async function makeChanges(
  outcomes: Outcome[],
  journal: Journal,
  hands: Hands,
): Promise<Failure | undefined> {
  for (const outcome of outcomes) {
    if (hands.outside.signal.aborted) return new Failure("interrupted", "interrupted", "interrupted");
    hands.onChange?.(outcome.change, "begun");
    try {
      const done = await execute(outcome.change, journal, hands);
      outcome.status = done.unchanged === true ? "unchanged" : "changed";
      outcome.note = done.note ?? "";
    } catch (error) {
      outcome.status = "failed";
      outcome.note = messageOf(error);
      hands.onChange?.(outcome.change, "failed", outcome.note);
      return asFailure(error);
    }
    hands.onChange?.(outcome.change, outcome.status, outcome.note);
  }
  return undefined;
}

function restartFailed(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ change, status }) => change.kind === "cm-command" && status === "failed");
}

/** What Hue is to read is set and right; only Hue does not run with it yet, and taking it back would not help it. */
function unrestarted(failure: Failure): Failure {
  if (failure.kind === "interrupted" || failure.kind === "partial") return failure;
  return new Failure(
    "partial",
    failure.code,
    `everything is set, but Hue was not restarted: ${failure.message}`,
    failure.hint,
  );
}

/** Reverses what was done; the failure gets stronger if that does not work either. */
async function takeBack(
  failure: Failure,
  outcomes: Outcome[],
  journal: Journal,
  hands: Hands,
): Promise<Failure> {
  if (journal.content.steps.length === 0) return failure;
  let again: CmClient | undefined;
  try {
    const { onChange: _quiet, ...rest } = hands;
    // The signal that interrupted the run must not interrupt its undoing.
    if (hands.outside.signal.aborted) again = await hands.client?.reconnect?.();
    const calm: Hands = {
      ...rest,
      ...(again === undefined ? {} : { client: again }),
      outside: { ...hands.outside, signal: new AbortController().signal },
    };
    const back = await reversePlan(journal.content.steps, calm);
    const undoing = await Journal.create(hands.stateDir, hands.outside.now(), {
      tool: hands.outside.version,
      undoes: journal.name,
    });
    for (const change of back.changes) {
      await execute(change, undoing, calm);
      hands.onChange?.(change, "rolled-back");
    }
    for (const outcome of outcomes) {
      if (outcome.status === "changed") outcome.status = "rolled-back";
    }
    // What an interruption left unknown has been looked at in the meantime.
    if (!hands.outside.signal.aborted) return failure;
    return new Failure("interrupted", "interrupted", "interrupted; what had been changed was taken back");
  } catch (error) {
    return new Failure(
      "partial",
      "partly-applied",
      `${failure.message}; taking the changes back failed too: ${messageOf(error)}`,
      `look at ${journal.path}, correct the cause and run: hue-impala-setup undo`,
    );
  } finally {
    again?.close();
  }
}

function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("failed", "unexpected", messageOf(error));
}
