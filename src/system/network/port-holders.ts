import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { orElse } from "../or-else.ts";

export interface PortHolder {
  readonly pid: number;
  /** The program's name as the kernel has it, at most 15 characters. */
  readonly name: string;
}

/** State number of a listening socket in /proc/net/tcp. */
const LISTENING = "0A";

/**
 * The processes that listen on a TCP port of this host, as far as /proc shows them: all to root, their own to others,
 * none where there is no /proc. Blocks: a host has many open files, and /proc answers at once.
 */
export function portHolders(port: number): PortHolder[] {
  const sockets = new Set([...listening("/proc/net/tcp", port), ...listening("/proc/net/tcp6", port)]);
  if (sockets.size === 0) return [];
  return names("/proc")
    .filter((name) => /^\d+$/.test(name) && holdsAny(name, sockets))
    .map((pid) => ({
      pid: Number(pid),
      name: orElse("?", () => readFileSync(`/proc/${pid}/comm`, "utf8").trim()),
    }));
}

/** The listening sockets of a port, as the links in /proc/PID/fd name them. */
function listening(table: string, port: number): string[] {
  const text = orElse("", () => readFileSync(table, "latin1"));
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return text.split("\n").flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const ours = fields[1]?.endsWith(`:${hex}`) && fields[3] === LISTENING;
    return ours ? [`socket:[${fields[9]}]`] : [];
  });
}

function holdsAny(pid: string, sockets: ReadonlySet<string>): boolean {
  const folder = `/proc/${pid}/fd`;
  return names(folder).some((fd) => sockets.has(orElse("", () => readlinkSync(`${folder}/${fd}`))));
}

function names(folder: string): string[] {
  return orElse([], () => readdirSync(folder));
}
