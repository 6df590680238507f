import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { orElse } from "../../or-else.ts";

/** A line of mountinfo, proc_pid_mountinfo(5). */
interface Mount {
  /** `major:minor` of the file system. */
  readonly device: string;
  /** What of the file system is mounted: `/` or a path in it. */
  readonly root: string;
  readonly point: string;
}

/**
 * Where else a file is mounted on its own, as Docker does with `-v /etc/hue/z-hue.ini:…/conf/z-hue.ini`: such a mount
 * follows the file, not its name, and would keep the old one after a rename. Looks into all mount namespaces whose
 * processes it may see (root: all); undefined where there is no /proc.
 * @param path the real path of the file
 * @returns the mount point, as its own namespace names it
 */
export function mountedElsewhere(path: string): string | undefined {
  const own = mountsOf("self");
  const file = locate(path, own);
  if (file === undefined) return undefined;
  const isCopy = (mount: Mount): boolean => mount.device === file.device && mount.root === file.root;
  const here = own.find((mount) => mount.point !== path && isCopy(mount));
  if (here !== undefined) return here.point;
  const seen = new Set([namespaceOf("self"), undefined]);
  for (const pid of orElse([], () => readdirSync("/proc")).filter((name) => /^\d+$/.test(name))) {
    const namespace = namespaceOf(pid);
    if (seen.has(namespace)) continue;
    seen.add(namespace);
    const there = mountsOf(pid).find(isCopy);
    if (there !== undefined) return there.point;
  }
  return undefined;
}

/** A path as the file system that holds it knows it. */
function locate(path: string, mounts: readonly Mount[]): { device: string; root: string } | undefined {
  const holds = ({ point }: Mount): boolean =>
    point === "/" || path === point || path.startsWith(`${point}/`);
  // Of mounts over one another the last one counts.
  const holder = mounts.filter(holds).reduce<Mount | undefined>((best, mount) => {
    return best === undefined || mount.point.length >= best.point.length ? mount : best;
  }, undefined);
  if (holder === undefined) return undefined;
  const rest = holder.point === "/" ? path : path.slice(holder.point.length);
  return { device: holder.device, root: holder.root === "/" ? rest : holder.root + rest };
}

function mountsOf(pid: string): Mount[] {
  const text = orElse("", () => readFileSync(`/proc/${pid}/mountinfo`, "utf8"));
  return text.split("\n").flatMap((line) => {
    const [, , device, root, point] = line.split(" ");
    return device === undefined || root === undefined || point === undefined
      ? []
      : [{ device, root: plain(root), point: plain(point) }];
  });
}

/** The kernel writes blanks and backslashes as three octal digits. */
function plain(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function namespaceOf(pid: string): string | undefined {
  return orElse(undefined, () => readlinkSync(`/proc/${pid}/ns/mnt`));
}
