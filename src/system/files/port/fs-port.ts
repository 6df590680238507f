/** What stands in a directory entry, or behind an open file. */
export type EntryKind = "file" | "folder" | "link" | "pipe" | "socket" | "device" | "other";

/** What the safe write looks at in a directory entry (a symbolic link is not followed) or in an open file. */
export interface FileStat {
  readonly kind: EntryKind;
  /** Permission bits only, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly nlink: number;
  /** Device and inode: the same text means the same file. */
  readonly identity: string;
  /** Changes with content, mode, owner, ACL, extended attributes and number of links. */
  readonly ctimeNs: bigint;
}

/** An open file. Positions and sizes in bytes. */
export interface OpenFile {
  readonly fd: number;
  /** The content from the start, of at most `most` bytes; one byte more tells that there is more. */
  read(most: number): Promise<Buffer>;
  /** Writes at least one byte and says how many: a short write is not an error. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  chmod(mode: number): Promise<void>;
  stat(): Promise<FileStat>;
  /**
   * Gives this file the mode, owner, ACL, extended attributes and SELinux label of another open one.
   * @throws AttributesNotCopied
   */
  copyAttributes(from: OpenFile): Promise<void>;
  close(): Promise<void>;
}

/**
 * A folder that is held open: whatever happens to its name, or to a name on the way to it, every call below means this
 * very folder. Names are single steps, never paths. Nothing here follows a symbolic link.
 */
export interface OpenFolder {
  /** By which path it was reached, without links: for messages and for names of other files. */
  readonly path: string;
  stat(): Promise<FileStat>;
  lstat(name: string): Promise<FileStat>;
  readlink(name: string): Promise<string>;
  readdir(): Promise<string[]>;
  /** A folder in it, or `..`. */
  openFolder(name: string): Promise<OpenFolder>;
  /** `r` and `r+` open what exists and never wait for a pipe or take a terminal; `wx` creates and never replaces. */
  open(name: string, flags: "r" | "r+" | "wx", mode?: number): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  /** A second name for a file; unlike rename it never replaces anything. */
  link(from: string, to: string): Promise<void>;
  unlink(name: string): Promise<void>;
  mkdir(name: string, mode: number): Promise<void>;
  /** Only an empty one. */
  rmdir(name: string): Promise<void>;
  /** Makes new, renamed and removed names in it outlive a power loss. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The file system calls of the safe write and the lock, so that a test can fail, kill or attack at each of them. */
export interface FsPort {
  openRoot(): Promise<OpenFolder>;
  /** Another mount point of the same file, which would keep the old one after a rename: see mounts.ts. */
  mountedElsewhere(path: string): string | undefined;
}

/** The attributes of a file could not be given to another one; the message says why. */
export class AttributesNotCopied extends Error {
  override readonly name = "AttributesNotCopied";
}

/** Writes all bytes from a position on, however many calls that takes. */
export async function writeAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) done += await file.write(bytes.subarray(done), position + done);
}

/** Like `sync`, for file systems and permissions that do not allow it: the content itself has been flushed. */
export async function trySync(folder: OpenFolder): Promise<void> {
  await folder.sync().catch(() => undefined);
}

/** Removes a file if it is there. */
export async function unlinkIfPresent(folder: OpenFolder, name: string): Promise<void> {
  await folder.unlink(name).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** `lstat`, or undefined for what does not exist. */
export async function statIfPresent(folder: OpenFolder, name: string): Promise<FileStat | undefined> {
  try {
    return await folder.lstat(name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
