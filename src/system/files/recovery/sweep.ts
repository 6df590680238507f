import { join } from "node:path";
import { isAnyLeftover } from "../names.ts";
import { atPlace } from "../place/place.ts";
import { type FsPort, trySync, unlinkIfPresent } from "../port/fs-port.ts";
import { realFs } from "../port/real-fs.ts";

/**
 * Removes the temporary files that killed runs have left in a folder, whatever file they were meant for.
 * @returns the paths of what was removed; none if there is no such folder
 * @throws Failure `untrusted-link`; Node's system errors
 */
export async function sweepFolder(path: string, fs: FsPort = realFs): Promise<string[]> {
  // "x" stands for any file in it.
  return atPlace(fs, join(path, "x"), undefined, async ({ folder, missing }) => {
    if (missing.length > 0) return [];
    const names = (await folder.readdir()).filter(isAnyLeftover);
    for (const name of names) await unlinkIfPresent(folder, name);
    if (names.length > 0) await trySync(folder);
    return names.map((name) => join(folder.path, name));
  });
}
