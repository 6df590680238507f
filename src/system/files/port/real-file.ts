import { spawn } from "node:child_process";
import { type BigIntStats, existsSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { AttributesNotCopied, type EntryKind, type FileStat, type OpenFile } from "./fs-port.ts";

/** Bytes asked for at a time beyond the size that a file had. */
const CHUNK = 65_536;

export function fileStat(stat: BigIntStats): FileStat {
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

function kindOf(stat: BigIntStats): EntryKind {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "folder";
  if (stat.isSymbolicLink()) return "link";
  if (stat.isFIFO()) return "pipe";
  if (stat.isSocket()) return "socket";
  return stat.isCharacterDevice() || stat.isBlockDevice() ? "device" : "other";
}

/** An open file of the real file system. */
export function openedFile(handle: FileHandle): OpenFile {
  return {
    fd: handle.fd,
    read: (most) => readAtMost(handle, most),
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    truncate: (size) => handle.truncate(size),
    sync: () => handle.sync(),
    chmod: (mode) => handle.chmod(mode),
    stat: async () => fileStat(await handle.stat({ bigint: true })),
    copyAttributes: (from) => copyAttributes(from.fd, handle.fd),
    close: () => handle.close(),
  };
}

/** However long the file has become since it was judged, up to the bound and one byte more. */
async function readAtMost(handle: FileHandle, most: number): Promise<Buffer> {
  const { size } = await handle.stat();
  const chunks: Buffer[] = [];
  let done = 0;
  while (done <= most) {
    // A file of no size that gives bytes is made by the kernel while it is read: one byte tells it.
    const wanted = size === 0 ? 1 : Math.min(Math.max(size - done, CHUNK), most + 1 - done);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, done);
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    done += bytesRead;
    if (size === 0) break;
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

/**
 * Node knows neither ACL nor extended attributes nor SELinux labels; GNU cp does. It gets the open files, not their
 * names: whoever owns the folder could otherwise swap a name for a link while root's cp runs.
 * `all` forgives what it cannot copy, so extended attributes and, where SELinux is on, the label are named again.
 */
function copyAttributes(from: number, to: number): Promise<void> {
  const preserve = `all,xattr${existsSync("/sys/fs/selinux/enforce") ? ",context" : ""}`;
  const args = ["--attributes-only", `--preserve=${preserve}`, "--", "/proc/self/fd/4", "/proc/self/fd/3"];
  return new Promise((resolve, reject) => {
    const cp = spawn("cp", args, {
      stdio: ["ignore", "ignore", "pipe", to, from],
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
