import { join } from "node:path";
import { systemFailure } from "../../../messages/failures/system/system.ts";
import type { FsPort, OpenFolder } from "../port/fs-port.ts";
import { makeFolders } from "./folders.ts";
import { strangerAt, strangerIn, strangerOnTheWay } from "./judge.ts";
import { walk } from "./walk.ts";

/**
 * Opens a folder of this program's own (state folder, journal, lock), in which nobody else can have put anything: each
 * folder on the way, and each link, belongs to root or to this user and nobody else may change it; in a shared folder
 * (/tmp, sticky) it is enough that the next step belongs to them. What is read there can be believed.
 * @param create permission bits of it and its parents if they are to be made; without it they must be there
 * @throws Failure `auth` `untrusted-folder`; Node's system errors (`ENOENT`)
 */
export async function openStateFolder(fs: FsPort, path: string, create?: number): Promise<OpenFolder> {
  // "x" stands for any file in it.
  const { nearest, missing, links, way } = await walk(fs, join(path, "x"));
  try {
    for (const { path: link, uid } of links) requireOurs(path, link, strangerAt(uid));
    for (const [at, { path: folder, stat }] of way.entries()) {
      const isItself = at === way.length - 1 && missing.length === 0;
      requireOurs(path, folder, isItself ? strangerIn(stat) : strangerOnTheWay(stat));
    }
    if (missing.length === 0) return nearest;
    if (create === undefined) throw missingFolder(path);
  } catch (error) {
    await nearest.close();
    throw error;
  }
  return (await makeFolders(nearest, missing, create)).folder;
}

function requireOurs(path: string, at: string, stranger: string | undefined): void {
  if (stranger !== undefined) throw systemFailure("untrusted-folder", { path, at, stranger });
}

function missingFolder(path: string): Error {
  return Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), {
    code: "ENOENT",
    path,
  });
}
