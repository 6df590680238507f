import { join } from "node:path";
import { temporaryName } from "../names.ts";
import {
  AttributesNotCopied,
  type FileStat,
  type FsPort,
  type OpenFile,
  unlinkIfPresent,
  writeAll,
} from "../port/fs-port.ts";

/** What a new file gets: the attributes of an existing one, or just permission bits. */
export type Attributes = { readonly like: string } | { readonly mode: number };

/**
 * Writes and flushes a hidden file in `folder`, to be renamed or linked to its real name.
 * It is readable by nobody else until its attributes are right. On failure nothing is left.
 * @returns its path
 * @throws AttributesNotCopied, and Node's system errors
 */
export async function writeTemporary(
  fs: FsPort,
  folder: string,
  base: string,
  bytes: Uint8Array,
  attributes: Attributes,
): Promise<string> {
  const path = join(folder, temporaryName(base));
  const file = await fs.open(path, "wx", 0o600);
  try {
    try {
      const wanted = await giveAttributes(fs, file, attributes);
      await writeAll(file, bytes, 0);
      if (wanted !== undefined) requireSame(wanted, await file.stat());
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlinkIfPresent(fs, path).catch(() => undefined);
    throw error;
  }
  return path;
}

async function giveAttributes(
  fs: FsPort,
  file: OpenFile,
  attributes: Attributes,
): Promise<FileStat | undefined> {
  if ("mode" in attributes) {
    await file.chmod(attributes.mode);
    return undefined;
  }
  await file.copyAttributes(attributes.like);
  return fs.lstat(attributes.like);
}

/** cp says nothing when an ordinary user cannot give a file away. */
function requireSame(wanted: FileStat, got: FileStat): void {
  if (wanted.uid !== got.uid || wanted.gid !== got.gid) {
    throw new AttributesNotCopied(
      `a new file would belong to ${got.uid}:${got.gid} instead of ${wanted.uid}:${wanted.gid}`,
    );
  }
  if (wanted.mode !== got.mode) {
    throw new AttributesNotCopied(
      `a new file would have mode ${got.mode.toString(8)} instead of ${wanted.mode.toString(8)}`,
    );
  }
}
