import { systemFailure } from "../../../messages/failures/system/system.ts";
import { changedMeanwhile } from "../file-failure.ts";
import { MOST_BYTES, type OpenRegular, openRegular, readRegular } from "../open-regular.ts";
import type { Origin } from "../origin.ts";
import type { Place } from "../place/place.ts";
import { statIfPresent } from "../port/fs-port.ts";
import { equalBytes } from "../recovery/record.ts";
import { sha256 } from "../sha256.ts";

/** A file that still holds what was read when the change was planned, open. */
export interface Expected extends OpenRegular {
  readonly bytes: Uint8Array;
}

const EDITED = { what: { en: "the file to edit", ja: "編集するファイル" }, most: MOST_BYTES };

/**
 * Opens the file of a place and compares it with what was read before: the content and, if it is known, the very file.
 * @throws Failure `changed-meanwhile`, `not-a-file`; Node's system errors
 */
export async function openExpected(
  place: Place,
  expected: string,
  origin: Origin | undefined,
): Promise<Expected> {
  const { path, stat } = place;
  if (stat === undefined) throw changedMeanwhile(path, "removed");
  if (stat.kind !== "file") {
    const reason = { en: `${path} is not a regular file`, ja: `${path} は通常のファイルではありません` };
    throw systemFailure("not-a-file", { reason });
  }
  const opened = await openRegular(place, "r", EDITED);
  try {
    const bytes = await readRegular(opened, path, EDITED);
    const same = origin === undefined || origin.identity === opened.stat.identity;
    if (!same || sha256(bytes) !== expected) throw changedMeanwhile(path);
    return { ...opened, bytes };
  } catch (error) {
    await opened.file.close();
    throw error;
  }
}

/**
 * The last look before a change: the name still means the file that is open, with the same content, mode, owner, ACL.
 * @throws Failure `changed-meanwhile`; Node's system errors
 */
export async function requireUnchanged({ folder, base, path }: Place, old: Expected): Promise<void> {
  const named = await statIfPresent(folder, base);
  if (named === undefined) throw changedMeanwhile(path, "removed");
  const now = await old.file.stat();
  // Renamed over in between, or chmod, chown and setfacl after the attributes were copied.
  const same = named.identity === old.stat.identity && now.ctimeNs === old.stat.ctimeNs;
  if (!same || !equalBytes(await old.file.read(old.bytes.length), old.bytes)) throw changedMeanwhile(path);
}
