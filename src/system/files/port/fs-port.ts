/** What the safe write looks at in a directory entry (a symbolic link is not followed). */
export interface FileStat {
  readonly kind: "file" | "folder" | "link" | "other";
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
  read(): Promise<Uint8Array>;
  /** Writes at least one byte and says how many: a short write is not an error. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  chmod(mode: number): Promise<void>;
  stat(): Promise<FileStat>;
  /**
   * Gives this file the mode, owner, ACL, extended attributes and SELinux label of another one.
   * @throws AttributesNotCopied
   */
  copyAttributes(from: string): Promise<void>;
  close(): Promise<void>;
}

/** The file system calls of the safe write and the lock, so that a test can fail or kill at each of them. */
export interface FsPort {
  lstat(path: string): Promise<FileStat>;
  realpath(path: string): Promise<string>;
  readlink(path: string): Promise<string>;
  readFile(path: string): Promise<Uint8Array>;
  readdir(path: string): Promise<string[]>;
  /** `wx` creates and never follows or replaces; `r+` opens for writing what exists. */
  open(path: string, flags: "wx" | "r+", mode?: number): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  /** A second name for a file; unlike rename it never replaces anything. */
  link(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string, mode: number): Promise<void>;
  /** Only an empty one. */
  rmdir(path: string): Promise<void>;
  /** Makes new, renamed and removed names in a folder outlive a power loss. */
  syncFolder(path: string): Promise<void>;
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

/** Like `syncFolder`, for file systems and permissions that do not allow it: the content itself has been flushed. */
export async function trySyncFolder(fs: FsPort, folder: string): Promise<void> {
  await fs.syncFolder(folder).catch(() => undefined);
}

/** Removes a file if it is there. */
export async function unlinkIfPresent(fs: FsPort, path: string): Promise<void> {
  await fs.unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}
