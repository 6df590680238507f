import { join } from "node:path";
import { errnoOf } from "../../../domain/failure.ts";
import { changedMeanwhile } from "../file-failure.ts";
import { backupName, isBackup } from "../names.ts";
import { inSpare, type Place } from "../place/place.ts";
import {
  AttributesNotCopied,
  type FsPort,
  type OpenFolder,
  statIfPresent,
  trySync,
  unlinkIfPresent,
} from "../port/fs-port.ts";
import { type Attributes, writeTemporary } from "./temp-file.ts";

/** A copy that was kept, beside the file or in the spare folder. */
export interface Kept {
  readonly path: string;
  /** Removes it again: the file has not been changed after all. */
  discard(): Promise<void>;
  /** Removes all but the newest backups beside it. What cannot be removed stays. */
  prune(count: number): Promise<void>;
}

/** The folder itself cannot take a new file, whatever becomes of the file in it. */
function isClosedFolder(error: unknown): boolean {
  return ["EACCES", "EPERM", "EROFS"].includes(errnoOf(error) ?? "");
}

/**
 * Keeps a copy of content under a dated name beside the file, or in the spare folder if the file's own cannot be
 * written to. It gets the attributes given or, where that is not possible, is for this user alone (hue.ini holds
 * passwords). The copy is complete and flushed, or it is not there.
 */
export async function keepCopy(
  fs: FsPort,
  place: Place,
  bytes: Uint8Array,
  attributes: Attributes,
  suffix: "bak" | "new" = "bak",
): Promise<Kept> {
  const beside: In = (work) => work(place.folder);
  const spare: In = (work) => inSpare(fs, place, work);
  try {
    return await keepIn(beside, place, bytes, attributes, suffix);
  } catch (error) {
    if (!isClosedFolder(error)) throw error;
    return keepIn(spare, place, bytes, attributes, suffix);
  }
}

/** Does something in a folder that is open meanwhile. */
type In = <T>(work: (folder: OpenFolder) => Promise<T>) => Promise<T>;

async function keepIn(
  inFolder: In,
  { base }: Place,
  bytes: Uint8Array,
  attributes: Attributes,
  suffix: "bak" | "new",
): Promise<Kept> {
  const { path, name } = await inFolder(async (folder) => {
    const temporary = await writeTemporary(folder, base, bytes, attributes).catch((error: unknown) => {
      if (!(error instanceof AttributesNotCopied)) throw error;
      return writeTemporary(folder, base, bytes, { mode: 0o600 });
    });
    try {
      const free = await freeName(folder, base, suffix);
      await folder.rename(temporary.name, free);
      const kept = { path: join(folder.path, free), name: free };
      if ((await folder.lstat(free)).identity !== temporary.identity) throw changedMeanwhile(kept.path);
      await trySync(folder);
      return kept;
    } catch (error) {
      await unlinkIfPresent(folder, temporary.name).catch(() => undefined);
      throw error;
    }
  });
  return {
    path,
    discard: () => inFolder((folder) => unlinkIfPresent(folder, name)).catch(() => undefined),
    prune: (count) => inFolder((folder) => prune(folder, base, count)),
  };
}

/** Two copies within a millisecond get two names. */
async function freeName(folder: OpenFolder, base: string, suffix: "bak" | "new"): Promise<string> {
  for (let time = Date.now(); ; time += 1) {
    const name = backupName(base, new Date(time), suffix);
    if ((await statIfPresent(folder, name)) === undefined) return name;
  }
}

async function prune(folder: OpenFolder, base: string, count: number): Promise<void> {
  const names = (await folder.readdir().catch(() => [])).filter((name) => isBackup(base, name)).sort();
  for (const name of names.slice(0, Math.max(0, names.length - count))) {
    await unlinkIfPresent(folder, name).catch(() => undefined);
  }
}
