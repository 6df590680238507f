import { errnoOf } from "../../domain/failure.ts";
import { fileFailure } from "./file-failure.ts";
import { atPlace } from "./place/place.ts";
import { type FsPort, trySync } from "./port/fs-port.ts";
import { realFs } from "./port/real-fs.ts";

/**
 * Removes a folder if nothing is in it; one that is in use, or gone already, stays as it is.
 * @throws Failure as of removing a file
 */
export async function removeEmptyFolder(path: string, fs: FsPort = realFs): Promise<void> {
  try {
    await atPlace(fs, path, undefined, async ({ folder, base, stat }) => {
      if (stat?.kind !== "folder") return;
      await folder.rmdir(base);
      await trySync(folder);
    });
  } catch (error) {
    if (["ENOTEMPTY", "EEXIST", "ENOENT", "ENOTDIR"].includes(errnoOf(error) ?? "")) return;
    throw fileFailure(error, "remove", path);
  }
}
