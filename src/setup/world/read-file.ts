import { errnoOf, Failure } from "../../domain/failure.ts";
import { systemText } from "../../messages/errno.ts";
import { applyFailure } from "../../messages/failures/apply.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";
import { readWhole } from "../../system/files/safe-write.ts";

/**
 * A file's content, also when a killed run has left it half-written; null if it is not there.
 * @throws Failure `auth` (not readable), `settings` (a folder), `locked` or `failed`
 */
export async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return await readWhole(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === "EISDIR") throw systemFailure("is-folder", { path });
    const denied = code === "EACCES" || code === "EPERM";
    throw applyFailure("unreadable", { path, reason: systemText(error), denied });
  }
}
