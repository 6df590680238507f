import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../domain/failure.ts";
import { checkHaproxy } from "../engines/haproxy.ts";
import { type FileChange, isFileChange, type Plan } from "./change.ts";

/**
 * What can be known to fail before anything is changed, beside what the plan itself refuses: a HAProxy configuration that
 * the installed HAProxy refuses. Part of the dry run, too. Changes nothing.
 * @throws Failure `settings` or `failed`
 */
export async function preflight(plan: Plan): Promise<void> {
  for (const change of plan.changes) {
    if (isFileChange(change) && change.checkedBy === "haproxy" && change.after !== null)
      await checkCandidate(change);
  }
}

async function checkCandidate(change: FileChange): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "hue-impala-setup-"));
  try {
    const file = join(folder, "haproxy.cfg");
    await writeFile(file, change.after ?? "");
    const { ok, output } = await checkHaproxy(file);
    if (ok) return;
    throw new Failure(
      "settings",
      "haproxy-refuses",
      `HAProxy refuses the configuration for ${change.target}:\n${output.replaceAll(file, change.target).trim()}`,
      "nothing was changed",
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
