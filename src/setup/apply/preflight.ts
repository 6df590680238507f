import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { checkHaproxyText } from "../../engines/haproxy/check.ts";
import { applyFailure } from "../../messages/failures/setup/apply.ts";
import { settingsFailure } from "../../messages/failures/setup/settings.ts";
import { type FileChange, isFileChange, type Plan } from "../plan/change.ts";

/**
 * What can be known to fail before anything is changed, beside what the plan itself refuses: a HAProxy configuration
 * that the installed HAProxy refuses. Part of the dry run, too. Changes nothing.
 * @throws Failure `settings` or `failed`
 */
export async function preflight(plan: Plan): Promise<void> {
  for (const change of plan.changes) {
    if (isFileChange(change) && change.checkedBy === "haproxy" && change.after !== null)
      await checkCandidate(change);
  }
}

/**
 * What only matters when the plan is carried out: whether this account may write the files. A dry run of another
 * account is as good as its administrator's.
 * @throws Failure `auth`, code `not-writable`
 */
export async function requireWritable(plan: Plan): Promise<void> {
  for (const change of plan.changes) {
    if (!isFileChange(change)) continue;
    const path = resolve(change.target);
    // A file is replaced where its folder can be written to, else written in place.
    if ((change.before !== null && (await isWritable(path))) || (await isWritable(await folderOf(path))))
      continue;
    throw applyFailure("not-writable", { path: change.target });
  }
}

async function isWritable(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** The folder that a file is, or would be, created in: the nearest one above it that exists. */
async function folderOf(path: string): Promise<string> {
  let folder = dirname(path);
  while (folder !== dirname(folder) && !existsSync(folder)) folder = dirname(folder);
  return folder;
}

async function checkCandidate({ target, after }: FileChange): Promise<void> {
  const { ok, output } = await checkHaproxyText(after ?? Buffer.alloc(0), target);
  if (!ok) throw settingsFailure("haproxy-refuses", { path: target, output, unchanged: true });
}
