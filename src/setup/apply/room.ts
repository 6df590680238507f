import { join, resolve } from "node:path";
import type { Room } from "../../system/files/room.ts";
import { type Change, type FileChange, isFileChange, isValveChange } from "../plan/change.ts";
import type { WritableWorld } from "../world/world.ts";
import { stepOf } from "./journal/step.ts";

/** Bytes: the least that file systems give to a file, or to a folder that grows. */
const BLOCK = 4096;
/** Bytes of a journal beside its steps, and of what is added to a step when it is done. */
const HEAD = 512;

/** What carrying a plan out takes in one place, and what taking it back takes. Bytes. */
interface Need {
  readonly path: string;
  readonly forward: number;
  readonly back: number;
}

/** The room that is kept for the way back. */
export interface WayBack {
  /** Makes it free for taking back, or when all is done. */
  release(): Promise<void>;
}

/**
 * Holds room for a plan on each file system that it writes to, then gives back what the plan itself takes: the rest
 * stays for taking it back, so that a disk that becomes full meanwhile cannot prevent that.
 * @throws Failure `disk-full`: nothing has been changed
 */
export async function holdWayBack(
  changes: readonly Change[],
  stateDir: string,
  world: WritableWorld,
): Promise<WayBack> {
  const needs = [await journalNeed(changes, stateDir), ...changes.filter(isFileChange).map(fileNeed)];
  const held: { readonly room: Room; readonly back: number }[] = [];
  const release = async (): Promise<void> => {
    for (const { room } of held) await room.release();
  };
  try {
    for (const { path, forward, back } of needs) {
      held.push({ room: await world.write.holdRoom(path, forward + back), back });
    }
    for (const { room, back } of held) await room.shrink(back);
    return { release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** A new file stands beside the old one for a moment, and so does the backup for good; back there is no backup. */
function fileNeed({ target, before, after }: FileChange): Need {
  const [old, next] = [blocks(before?.length ?? 0), blocks(after?.length ?? 0)];
  return { path: resolve(target), forward: old + next + BLOCK, back: before === null ? 0 : old + BLOCK };
}

/** A journal is replaced at each step; a rewrite in place has a record of both contents beside it (system/recovery). */
async function journalNeed(changes: readonly Change[], stateDir: string): Promise<Need> {
  const size = async (steps: readonly Change[]): Promise<number> => {
    const texts = await Promise.all(
      steps.map(async (change) => JSON.stringify(await stepOf(change), null, 2)),
    );
    return 2 * blocks(texts.reduce((sum, text) => sum + text.length + HEAD, HEAD));
  };
  const records = changes.filter(isFileChange).map(({ before, after }) => {
    return before === null || after === null ? 0 : blocks(2 * (before.length + after.length));
  });
  return {
    path: join(stateDir, "journal", "journal"),
    forward: await size(changes),
    back: (await size(changes.map(inverse))) + Math.max(0, ...records) + BLOCK,
  };
}

/** The change that takes another one back, as far as its size in the journal goes. */
function inverse(change: Change): Change {
  if (isFileChange(change)) return { ...change, before: change.after, after: change.before };
  if (!isValveChange(change)) return change;
  return { ...change, valve: { ...change.valve, value: change.after }, after: change.valve.value };
}

function blocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK;
}
