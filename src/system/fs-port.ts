import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import {
  type FileHandle,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  unlink,
} from "node:fs/promises";
import { mountedElsewhere } from "./mounts.ts";

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

/** The file system calls of this folder, so that a test can fail or kill at each of them. */
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
  /** Makes new, renamed and removed names in a folder outlive a power loss. */
  syncFolder(path: string): Promise<void>;
  /** See mounts.ts. */
  mountedElsewhere(path: string): string | undefined;
}

/** The attributes of a file could not be given to another one; the message says why. */
export class AttributesNotCopied extends Error {
  override readonly name = "AttributesNotCopied";
}

/** The real file system. */
export const realFs: FsPort = {
  lstat: async (path) => fileStat(await lstat(path, { bigint: true })),
  realpath,
  readlink,
  readFile,
  readdir,
  open: async (path, flags, mode) => openFile(await open(path, flags, mode)),
  rename,
  link,
  unlink,
  mkdir: async (path, mode) => {
    await mkdir(path, { mode });
  },
  syncFolder: async (path) => {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  mountedElsewhere,
};

type BigStat = Awaited<ReturnType<typeof lstatBig>>;
const lstatBig = (path: string) => lstat(path, { bigint: true });

function fileStat(stat: BigStat): FileStat {
  return {
    kind: stat.isFile() ? "file" : stat.isDirectory() ? "folder" : stat.isSymbolicLink() ? "link" : "other",
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    size: Number(stat.size),
    nlink: Number(stat.nlink),
    identity: `${stat.dev}:${stat.ino}`,
    ctimeNs: stat.ctimeNs,
  };
}

function openFile(handle: FileHandle): OpenFile {
  return {
    read: async () => {
      const bytes = new Uint8Array(Number((await handle.stat()).size));
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return bytes.subarray(0, done);
    },
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    truncate: (size) => handle.truncate(size),
    sync: () => handle.sync(),
    chmod: (mode) => handle.chmod(mode),
    stat: async () => fileStat(await handle.stat({ bigint: true })),
    copyAttributes: (from) => copyAttributes(from, handle.fd),
    close: () => handle.close(),
  };
}

/**
 * Node knows neither ACL nor extended attributes nor SELinux labels; GNU cp does. It gets the open file, not its name:
 * whoever owns the folder could otherwise swap the name for a link while root's cp runs.
 * `all` forgives what it cannot copy, so extended attributes and, where SELinux is on, the label are named again.
 */
function copyAttributes(from: string, fd: number): Promise<void> {
  const preserve = `all,xattr${existsSync("/sys/fs/selinux/enforce") ? ",context" : ""}`;
  const args = ["--attributes-only", `--preserve=${preserve}`, "--", from, "/proc/self/fd/3"];
  return new Promise((resolve, reject) => {
    const cp = spawn("cp", args, {
      stdio: ["ignore", "ignore", "pipe", fd],
      env: { PATH: process.env["PATH"], LC_ALL: "C" },
    });
    let stderr = "";
    cp.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    cp.on("error", (error) => reject(new AttributesNotCopied(`cp: ${error.message}`)));
    cp.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new AttributesNotCopied(stderr.trim().split("\n")[0] ?? `cp ended with status ${status}`));
    });
  });
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
