import { dirname, join } from "node:path";
import { Failure } from "../../domain/failure.ts";
import type { WritableWorld } from "../world/world.ts";
import { Journal } from "./journal/journal.ts";

/**
 * {@link sweepAll} for a run that has nothing else to do: not beside another run, and not where this account may not.
 */
export async function sweepAlone(stateDir: string, world: WritableWorld): Promise<void> {
  await unlessRefused(async () => {
    const first = await Journal.all(stateDir, world, { readable: true }).next();
    if (first.done === true) return;
    const lock = await world.write.lock(join(stateDir, "lock"));
    try {
      await sweepAll(stateDir, world);
    } finally {
      await lock.release();
    }
  });
}

/**
 * Removes what killed runs have left in any folder that was ever written to, as the journals tell: their hidden
 * temporary files, and the half of a rewrite in place. What this account may not clean up stays.
 */
export async function sweepAll(stateDir: string, world: WritableWorld): Promise<void> {
  const paths = new Set<string>();
  const saved = new Set<string>();
  for await (const { content } of Journal.all(stateDir, world, { readable: true })) {
    if (content.saves !== undefined) saved.add(dirname(content.saves));
    for (const step of content.steps) if (step.kind === "file") paths.add(step.path);
  }
  if (paths.size + saved.size === 0) return;
  const folders = new Set([join(stateDir, "journal"), ...saved, ...[...paths].map((path) => dirname(path))]);
  for (const path of paths) await unlessRefused(() => world.write.cleanUp(path));
  for (const folder of folders) await unlessRefused(() => world.write.sweepFolder(folder));
}

/** Removes what killed runs have left beside a file that is about to be written, if this account may. */
export async function sweepFolderOf(file: string, world: WritableWorld): Promise<void> {
  await unlessRefused(() => world.write.sweepFolder(dirname(file)));
}

async function unlessRefused(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const refused = error instanceof Failure || (error instanceof Error && "code" in error);
    if (!refused) throw error;
  }
}
