import { systemFailure } from "../../../messages/failures/system/system.ts";
import type { FileStat } from "../port/fs-port.ts";
import type { LinkStep } from "./walk.ts";

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_OTHERS = 0o002;
/** In a folder with this bit only the owner of a file may replace it (/tmp). */
const STICKY = 0o1000;

/** The user that this process acts as; 0 is root. */
function self(): number {
  return process.geteuid?.() ?? 0;
}

/**
 * Refuses links that somebody else has laid. A link is followed only if whoever made it, and whoever may replace it, is
 * root, this user or the owner of what it leads to: such a person gains nothing by it that was not theirs before. All
 * others could make root read or write a file for them.
 * @param target what the links lead to; of a file that does not exist yet, the folder that it will be in
 * @throws Failure `auth` `untrusted-link`
 */
export function judgeLinks(path: string, links: readonly LinkStep[], target: FileStat): void {
  for (const { path: link, uid, folderUid } of links) {
    const stranger = [uid, folderUid].find((one) => !isTrusted(one) && one !== target.uid);
    if (stranger === undefined) continue;
    throw systemFailure("untrusted-link", { path, link, stranger, owner: target.uid });
  }
}

/**
 * Refuses a file with a second name that somebody else may have given it: whoever may change the folder could have
 * linked another user's file into it (Linux forbids that only where fs.protected_hardlinks is set).
 * @throws Failure `auth` `untrusted-link`
 */
export function judgeNames(path: string, file: FileStat, folder: FileStat): void {
  if (file.kind !== "file" || file.nlink === 1 || isTrusted(folder.uid) || folder.uid === file.uid) return;
  throw systemFailure("untrusted-link", { path, link: undefined, stranger: folder.uid, owner: file.uid });
}

/** Who else than root and this user may change a folder or a file; undefined: nobody. */
export function strangerIn(stat: FileStat): string | undefined {
  const owner = strangerAt(stat.uid);
  if (owner !== undefined) return owner;
  // A user's own group (useradd's private groups with umask 002) is that user; root's group is root.
  const ownGroup = stat.gid === 0 || (self() !== 0 && stat.gid === process.getegid?.());
  if ((stat.mode & WRITABLE_BY_GROUP) !== 0 && !ownGroup) return `group ${stat.gid}`;
  return (stat.mode & WRITABLE_BY_OTHERS) === 0 ? undefined : "everybody";
}

/**
 * The same of a folder in which only one entry matters, which belongs to us: in a sticky folder nobody can replace it.
 */
export function strangerOnTheWay(stat: FileStat): string | undefined {
  return (stat.mode & STICKY) === 0 ? strangerIn(stat) : strangerAt(stat.uid);
}

/** The owner, unless that is root or this user. */
export function strangerAt(uid: number): string | undefined {
  return isTrusted(uid) ? undefined : `user ${uid}`;
}

/** Whether two files show their content to the same user and group, apart from their modes. */
export function sameOwners(
  one: Pick<FileStat, "uid" | "gid">,
  other: Pick<FileStat, "uid" | "gid">,
): boolean {
  return one.uid === other.uid && one.gid === other.gid;
}

function isTrusted(uid: number): boolean {
  return uid === 0 || uid === self();
}
