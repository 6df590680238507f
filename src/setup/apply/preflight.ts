import { applyFailure } from "../../messages/failures/setup/apply.ts";
import { settingsFailure } from "../../messages/failures/setup/settings.ts";
import { type FileChange, isFileChange, type Plan } from "../plan/change.ts";
import type { World } from "../world/world.ts";

/**
 * What can be known to fail before anything is changed, beside what the plan itself refuses: a HAProxy configuration
 * that the installed HAProxy refuses. Part of the dry run, too. Changes nothing.
 * @throws Failure `settings` or `failed`
 */
export async function preflight(plan: Plan, world: Pick<World, "checkHaproxy">): Promise<void> {
  for (const change of plan.changes) {
    if (isFileChange(change) && change.checkedBy === "haproxy" && change.after !== null)
      await checkCandidate(change, world);
  }
}

/**
 * What only matters when the plan is carried out: whether this account may write the files. A dry run of another
 * account is as good as its administrator's.
 * @throws Failure `auth`, code `not-writable`
 */
export async function requireWritable(plan: Plan, world: Pick<World, "mayWrite">): Promise<void> {
  for (const change of plan.changes) {
    if (!isFileChange(change) || (await world.mayWrite(change.target))) continue;
    throw applyFailure("not-writable", { path: change.target });
  }
}

async function checkCandidate(
  { target, after }: FileChange,
  world: Pick<World, "checkHaproxy">,
): Promise<void> {
  const { ok, output } = await world.checkHaproxy(after ?? Buffer.alloc(0), target);
  if (!ok) throw settingsFailure("haproxy-refuses", { path: target, output, unchanged: true });
}
