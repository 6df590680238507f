import { join } from "node:path";
import { Failure, messageOf } from "../../domain/failure.ts";
import { rewordedFailure } from "../../domain/failure-record.ts";
import { systemText } from "../../messages/errno.ts";
import { runFailure } from "../../messages/failures/run.ts";
import { APPLY_WORDS } from "../../messages/failures/setup/apply.ts";
import { loginOf, type Plan, type Report } from "../plan/change.ts";
import type { WritableWorld } from "../world/world.ts";
import { execute } from "./execute.ts";
import { Journal } from "./journal/journal.ts";
import { preflight, requireWritable } from "./preflight.ts";
import { holdWayBack, type WayBack } from "./room.ts";
import { sweepAll, sweepAlone } from "./sweep.ts";
import { type Outcome, type Progress, takeBack } from "./take-back.ts";

/** How an apply ended: the report, and the failure that stopped it if one did. */
export interface Applied {
  readonly report: Report;
  readonly failure?: Failure;
}

export interface ApplyOptions {
  /** Folder of the journal and the lock. */
  readonly stateDir: string;
  /** The journal that this plan takes back, by name. */
  readonly undoes?: string;
  /** Where the answers will be saved afterwards. */
  readonly saves?: string;
  /** Called before and after each change. */
  readonly onChange?: Progress;
  /** Called when nothing stands in the way: from now on the host is being changed. */
  readonly onBegin?: () => void;
}

/**
 * Makes the changes of a plan, one after the other, each recorded in the journal before it is made. When one fails or
 * the run is interrupted, those already made are taken back in reverse order. An empty plan touches nothing.
 * @throws Failure before the first change: another run holds the lock, or the preflight refuses
 */
export async function apply(plan: Plan, world: WritableWorld, options: ApplyOptions): Promise<Applied> {
  const { stateDir, undoes, onChange = () => undefined } = options;
  const report = (outcomes: Report["outcomes"], journal?: string): Report => ({
    outcomes,
    warnings: plan.warnings,
    next: plan.next,
    ...(journal === undefined ? {} : { journal }),
  });
  if (plan.changes.length === 0) {
    await sweepAlone(stateDir, world);
    return { report: report([]) };
  }

  await preflight(plan, world);
  await requireWritable(plan, world);
  if (world.signal.aborted) throw runFailure("interrupted");
  options.onBegin?.();
  const lock = await world.write.lock(join(stateDir, "lock"));
  let room: WayBack | undefined;
  try {
    await sweepAll(stateDir, world);
    room = await holdWayBack(plan.changes, stateDir, world);
    const login = plan.changes.map(loginOf).find((found) => found !== undefined);
    const journal = await Journal.create(world, stateDir, {
      ...(login === undefined ? {} : { cloudera: { url: login.url, user: login.user } }),
      ...(undoes === undefined ? {} : { undoes, planned: plan.changes.length }),
      ...(options.saves === undefined ? {} : { saves: options.saves }),
    });
    const outcomes: Outcome[] = plan.changes.map((change) => ({ change, status: "planned" }));
    const failure = await makeChanges(outcomes, journal, world, onChange);
    const left =
      failure &&
      (restartFailed(outcomes)
        ? unrestarted(failure)
        : await takeBack(failure, outcomes, journal, { world, stateDir, onChange, room }));
    const shown = outcomes.map(({ change, status, note }) => ({
      change,
      status,
      ...(note === undefined ? {} : { note }),
    }));
    const recorded = journal.content.steps.length > 0 ? journal.path : undefined;
    return { report: report(shown, recorded), ...(left === undefined ? {} : { failure: left }) };
  } finally {
    await room?.release();
    await lock.release();
  }
}

async function makeChanges(
  outcomes: readonly Outcome[],
  journal: Journal,
  world: WritableWorld,
  onChange: Progress,
): Promise<Failure | undefined> {
  for (const outcome of outcomes) {
    if (world.signal.aborted) return runFailure("interrupted");
    onChange(outcome.change, "begun");
    try {
      const done = await execute(outcome.change, journal, world);
      outcome.status = done.unchanged === true ? "unchanged" : "changed";
      if (done.note !== undefined) outcome.note = done.note;
    } catch (error) {
      outcome.status = "failed";
      outcome.note = systemText(error);
      onChange(outcome.change, "failed");
      return asFailure(error);
    }
    onChange(outcome.change, outcome.status);
  }
  return undefined;
}

function restartFailed(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ change, status }) => change.kind === "cm-command" && status === "failed");
}

/** What Hue is to read is set and right; only Hue does not run with it yet, and taking it back would not help it. */
function unrestarted(failure: Failure): Failure {
  if (failure.kind === "interrupted" || failure.kind === "partial") return failure;
  return rewordedFailure(failure, "partial", APPLY_WORDS.unrestarted(failure.text));
}

function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : runFailure("unexpected", { reason: messageOf(error) });
}
