import { basename } from "node:path";
import { errnoOf } from "../../../domain/failure.ts";
import type { OpenFolder } from "../port/fs-port.ts";

/** What {@link makeFolders} has made. */
export interface Made {
  /** The innermost one. */
  readonly folder: OpenFolder;
  /** Paths of those that were not there before, outermost first. */
  readonly created: readonly string[];
}

/**
 * Makes folders one in the other, closing `nearest` and all but the last.
 * @throws Node's system errors; those made before are removed again
 */
export async function makeFolders(
  nearest: OpenFolder,
  names: readonly string[],
  mode: number,
): Promise<Made> {
  const created: string[] = [];
  let folder = nearest;
  try {
    for (const name of names) {
      const isNew = await make(folder, name, mode);
      const next = await folder.openFolder(name);
      // A folder that somebody has put in the place of the one just made is not ours to write to.
      const swapped = isNew && (await next.stat()).uid !== (process.geteuid?.() ?? 0);
      if (swapped) await next.close();
      if (swapped)
        throw Object.assign(new Error(`ESTALE: it was swapped, open '${next.path}'`), { code: "ESTALE" });
      await folder.close();
      folder = next;
      if (isNew) created.push(folder.path);
    }
    return { folder, created };
  } catch (error) {
    await removeFolders(folder, created);
    throw error;
  }
}

async function make(folder: OpenFolder, name: string, mode: number): Promise<boolean> {
  try {
    await folder.mkdir(name, mode);
    return true;
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Removes folders just made, if they are empty, and closes the innermost one. */
export async function removeFolders(folder: OpenFolder, created: readonly string[]): Promise<void> {
  let inner = folder;
  for (const path of created.toReversed()) {
    const outer = await inner.openFolder("..").catch(() => undefined);
    await inner.close();
    if (outer === undefined) return;
    await outer.rmdir(basename(path)).catch(() => undefined);
    inner = outer;
  }
  await inner.close();
}
