import { temporaryName } from "../names.ts";
import {
  AttributesNotCopied,
  type FileStat,
  type OpenFile,
  type OpenFolder,
  unlinkIfPresent,
  writeAll,
} from "../port/fs-port.ts";

/**
 * What a new file gets: the attributes of an open one, with no more permission bits than `most` if that is given; or
 * just permission bits.
 */
export type Attributes = { readonly like: OpenFile; readonly most?: number } | { readonly mode: number };

/** A complete file that waits for its real name. */
export interface Temporary {
  readonly name: string;
  /** By which it is known again under its real name. */
  readonly identity: string;
}

/**
 * Writes and flushes a hidden file in `folder`, to be renamed or linked to its real name.
 * It is readable by nobody else until its attributes are right. On failure nothing is left.
 * @throws AttributesNotCopied, and Node's system errors
 */
export async function writeTemporary(
  folder: OpenFolder,
  base: string,
  bytes: Uint8Array,
  attributes: Attributes,
): Promise<Temporary> {
  const name = temporaryName(base);
  const file = await folder.open(name, "wx", 0o600);
  try {
    try {
      const wanted = await giveAttributes(file, attributes);
      await writeAll(file, bytes, 0);
      const stat = await file.stat();
      if (wanted !== undefined) requireSame(wanted, stat);
      await file.sync();
      return { name, identity: stat.identity };
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlinkIfPresent(folder, name).catch(() => undefined);
    throw error;
  }
}

async function giveAttributes(file: OpenFile, attributes: Attributes): Promise<FileStat | undefined> {
  if ("mode" in attributes) {
    await file.chmod(attributes.mode);
    return undefined;
  }
  const { like, most } = attributes;
  await file.copyAttributes(like);
  const wanted = await like.stat();
  if (most === undefined || (wanted.mode & ~most) === 0) return wanted;
  const mode = wanted.mode & most;
  await file.chmod(mode);
  return { ...wanted, mode };
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
