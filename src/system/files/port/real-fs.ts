import { spawn } from "node:child_process";
import { type BigIntStats, existsSync } from "node:fs";
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
  rmdir,
  unlink,
} from "node:fs/promises";
import { AttributesNotCopied, type FileStat, type FsPort, type OpenFile } from "./fs-port.ts";
import { mountedElsewhere } from "./mounts.ts";

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
  rmdir,
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

function fileStat(stat: BigIntStats): FileStat {
  return {
    kind: kindOf(stat),
    mode: Number(stat.mode & 0o7777n),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    size: Number(stat.size),
    nlink: Number(stat.nlink),
    identity: `${stat.dev}:${stat.ino}`,
    ctimeNs: stat.ctimeNs,
  };
}

function kindOf(stat: BigIntStats): FileStat["kind"] {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "folder";
  return stat.isSymbolicLink() ? "link" : "other";
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
      // Ctrl-C at the terminal must not end it half-way.
      detached: true,
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
