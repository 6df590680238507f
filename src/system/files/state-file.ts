import { basename, dirname } from "node:path";
import type { Text } from "../../domain/text.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";
import { MOST_BYTES, openRegular, readRegular } from "./open-regular.ts";
import { strangerIn } from "./place/judge.ts";
import { openStateFolder } from "./place/state-folder.ts";
import type { FsPort } from "./port/fs-port.ts";
import { realFs } from "./port/real-fs.ts";

/**
 * The content of a file of this program's own (a journal, a saved plan), which is believed: nobody but root and this
 * user can have changed it, or any folder on the way to it.
 * @throws Failure `auth` `untrusted-folder`; `settings` as of reading any input; Node's system errors (`ENOENT`)
 */
export async function readStateFile(path: string, what: Text, fs: FsPort = realFs): Promise<Buffer> {
  const folder = await openStateFolder(fs, dirname(path));
  try {
    const base = basename(path);
    const expected = { what, most: MOST_BYTES };
    const opened = await openRegular({ path, folder, base, stat: await folder.lstat(base) }, "r", expected);
    try {
      const stranger = strangerIn(opened.stat);
      if (stranger !== undefined) throw systemFailure("untrusted-folder", { path, at: path, stranger });
      return await readRegular(opened, path, expected);
    } finally {
      await opened.file.close();
    }
  } finally {
    await folder.close();
  }
}

/**
 * The names in a folder of this program's own.
 * @throws Failure `auth` `untrusted-folder`; Node's system errors (`ENOENT`)
 */
export async function stateFolderNames(path: string, fs: FsPort = realFs): Promise<string[]> {
  const folder = await openStateFolder(fs, path);
  try {
    return await folder.readdir();
  } finally {
    await folder.close();
  }
}

/**
 * Makes a folder of this program's own and those above it; nothing if it is there.
 * @param mode permission bits of what is made
 * @throws Failure `auth` `untrusted-folder`; Node's system errors
 */
export async function makeStateFolder(path: string, mode: number, fs: FsPort = realFs): Promise<void> {
  await (await openStateFolder(fs, path, mode)).close();
}
