import { resolve } from "node:path";
import { errnoOf, Failure } from "../../domain/failure.ts";
import { systemText } from "../../messages/errno.ts";
import { applyFailure } from "../../messages/failures/apply.ts";
import type { Origin } from "../../system/files/origin.ts";
import { readWhole, sha256 } from "../../system/files/safe-write.ts";

/** Of which file each content that this run has planned with was read, by path. */
const origins = new Map<string, { hash: string; origin: Origin }>();

/**
 * The file that a content was read from in this run, for writing: it must still be that very file.
 * @param hash SHA-256 of the content; null: there was no file
 */
export function originFor(path: string, hash: string | null): { origin?: Origin } {
  const known = origins.get(resolve(path));
  return known === undefined || known.hash !== hash ? {} : { origin: known.origin };
}

/**
 * A file's content, also when a killed run has left it half-written; null if it is not there.
 * @throws Failure `auth` (not readable), `settings` (a folder), `locked` or `failed`
 */
export async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    const { bytes, origin } = await readWhole(path);
    origins.set(resolve(path), { hash: sha256(bytes), origin });
    return bytes;
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    const denied = code === "EACCES" || code === "EPERM";
    throw applyFailure("unreadable", { path, reason: systemText(error), denied });
  }
}
