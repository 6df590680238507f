import { errnoOf, Failure, messageOf } from "../../domain/failure.ts";
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
    if (code === "EISDIR") {
      throw new Failure("settings", "is-folder", `${path} is a folder`, "name a file in it");
    }
    const denied = code === "EACCES" || code === "EPERM";
    const hint = denied ? "run as root or as the file's owner" : undefined;
    throw new Failure(denied ? "auth" : "failed", "unreadable", `${path}: ${messageOf(error)}`, hint);
  }
}
