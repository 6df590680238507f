import { readdir, readFile, readlink } from "node:fs/promises";

export interface PortHolder {
  readonly pid: number;
  /** The program's name as the kernel has it, at most 15 characters. */
  readonly name: string;
}

/** State number of a listening socket in /proc/net/tcp. */
const LISTENING = "0A";

/**
 * The processes that listen on a TCP port of this host, as far as /proc shows them: all to root, their own to others,
 * none where there is no /proc.
 */
export async function portHolders(port: number): Promise<PortHolder[]> {
  const sockets = new Set([
    ...(await listening("/proc/net/tcp", port)),
    ...(await listening("/proc/net/tcp6", port)),
  ]);
  if (sockets.size === 0) return [];
  const holders: PortHolder[] = [];
  for (const pid of (await names("/proc")).filter((name) => /^\d+$/.test(name))) {
    if (await holdsAny(pid, sockets)) {
      const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "?");
      holders.push({ pid: Number(pid), name: name.trim() });
    }
  }
  return holders;
}

/** Inodes of the sockets listening on a port. */
async function listening(table: string, port: number): Promise<string[]> {
  const text = await readFile(table, "latin1").catch(() => "");
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return text.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const inode = fields[9];
    return fields[1]?.endsWith(`:${hex}`) && fields[3] === LISTENING && inode !== undefined ? [inode] : [];
  });
}

async function holdsAny(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  for (const fd of await names(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && sockets.has(inode)) return true;
  }
  return false;
}

function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
