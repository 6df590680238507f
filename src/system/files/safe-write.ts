import { Failure } from "../../domain/failure.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";
import { fileFailure } from "./file-failure.ts";
import { openRegular } from "./open-regular.ts";
import type { Origin } from "./origin.ts";
import { sameOwners } from "./place/judge.ts";
import { atPlace, type Place } from "./place/place.ts";
import { type FsPort, statIfPresent, trySync } from "./port/fs-port.ts";
import { realFs } from "./port/real-fs.ts";
import { clean } from "./recovery/leftovers.ts";
import { type Kept, keepCopy } from "./write/backup.ts";
import { create } from "./write/create.ts";
import { openExpected, requireUnchanged } from "./write/expected.ts";
import type { SafeWriteOptions, SafeWriteResult } from "./write/options.ts";
import { replace } from "./write/replace.ts";

export {
  findLeftovers,
  readWhole,
  removeLeftovers,
  type Whole,
} from "./recovery/leftovers.ts";
export { sha256 } from "./sha256.ts";

export type { SafeWriteOptions, SafeWriteResult };

/**
 * Writes a file so that a kill or a power loss at any instant leaves the whole old or the whole new content.
 *
 * Symbolic links are followed to their end if their owners may be trusted (place/judge.ts). Where possible a temporary
 * file beside it gets the content and the old file's mode, owner, ACL, extended attributes and SELinux label, and takes
 * its name; a file with several names, a mount point, a foreign owner or a closed folder is rewritten in place, under a
 * recovery record (recovery/record.ts). The folder is held open, the file is opened once and judged, read, copied from
 * and compared through that handle: whoever owns the folder can spoil the write, but not lead it elsewhere.
 * The content is compared with `expected` at the start and again just before the change. Between that and the rename a
 * few microseconds remain: POSIX has no conditional rename, so runs of this tool exclude each other by lock.ts.
 * @throws Failure `failed`: `changed-meanwhile` (what was to be written is kept beside it as *.new), `disk-full`,
 *   `read-only`, `not-permitted`, `not-a-file`, …; `auth` `denied`, `untrusted-link`, `untrusted-folder`; `partial`
 *   `half-written`; `locked` `being-written`. But for `partial` the file is then as before, and nothing new lies about.
 */
export async function safeWrite(
  path: string,
  bytes: Uint8Array,
  options: SafeWriteOptions,
): Promise<SafeWriteResult> {
  const { fs = realFs, expected } = options;
  try {
    return await atPlace(fs, path, options.spareRoot, async (place) => {
      const { strange } = await clean(fs, place);
      const more = strange === undefined ? {} : { strange };
      if (expected === null) return { ...(await create(place, bytes, options)), ...more };
      try {
        return { ...(await replace(fs, place, bytes, options, expected)), ...more };
      } catch (error) {
        const changed = error instanceof Failure && error.code === "changed-meanwhile";
        throw changed ? await keepBoth(fs, place, bytes, options.origin, error) : error;
      }
    });
  } catch (error) {
    throw fileFailure(error, "write", path);
  }
}

/**
 * Removes a file whose content is still `expected`; what is a symbolic link loses its target, not the link.
 * A copy stays as a backup unless `backup` is false.
 * @throws Failure as {@link safeWrite}
 */
export async function safeRemove(
  path: string,
  options: Pick<SafeWriteOptions, "backup" | "spareRoot" | "fs" | "origin"> & { readonly expected: string },
): Promise<{ path: string; backup?: string }> {
  const { fs = realFs } = options;
  try {
    return await atPlace(fs, path, options.spareRoot, async (place) => {
      await clean(fs, place);
      const old = await openExpected(place, options.expected, options.origin);
      let backup: Kept | undefined;
      try {
        if (options.backup !== false) backup = await keepCopy(fs, place, old.bytes, { like: old.file });
        await requireUnchanged(place, old);
        await place.folder.unlink(place.base);
      } catch (error) {
        await backup?.discard();
        throw error;
      } finally {
        await old.file.close();
      }
      await trySync(place.folder);
      return { path: place.path, ...(backup === undefined ? {} : { backup: backup.path }) };
    });
  } catch (error) {
    throw fileFailure(error, "remove", path);
  }
}

/** Theirs stays in the file, ours beside it. */
async function keepBoth(
  fs: FsPort,
  place: Place,
  ours: Uint8Array,
  origin: Origin | undefined,
  failure: Failure,
): Promise<Failure> {
  const kept = await keepNew(fs, place, ours, origin).catch(() => undefined);
  if (kept === undefined) return failure;
  return systemFailure("changed-meanwhile", { reason: failure.text, kept: kept.path });
}

/**
 * Ours was made of a file that may not be the one that stands there now. It gets the attributes of that one only if
 * both belong to the same user and group, and never more permissions than either; otherwise nobody else may read it.
 */
async function keepNew(
  fs: FsPort,
  place: Place,
  ours: Uint8Array,
  origin: Origin | undefined,
): Promise<Kept> {
  const alone = { mode: 0o600 };
  const stat = await statIfPresent(place.folder, place.base);
  if (origin === undefined || stat?.kind !== "file") return keepCopy(fs, place, ours, alone, "new");
  const theirs = await openRegular({ ...place, stat }, "r", {
    what: { en: "the file", ja: "ファイル" },
    most: Number.MAX_SAFE_INTEGER,
  });
  try {
    const like = { like: theirs.file, most: origin.mode };
    return await keepCopy(fs, place, ours, sameOwners(theirs.stat, origin) ? like : alone, "new");
  } finally {
    await theirs.file.close();
  }
}
