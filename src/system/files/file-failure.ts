import { errnoOf, Failure, type FailureKind, messageOf } from "../../domain/failure.ts";

const KNOWN: Record<string, { kind?: FailureKind; code: string; what: string; hint: string }> = {
  ENOSPC: { code: "disk-full", what: "the disk is full", hint: "make room (df -h, df -i), then run again" },
  EDQUOT: {
    code: "disk-full",
    what: "the disk quota is used up",
    hint: "make room (quota -s), then run again",
  },
  EROFS: {
    code: "read-only",
    what: "the file system is read-only",
    hint: "mount it for writing, or edit the file where it comes from (an image, a container's volume)",
  },
  EPERM: {
    code: "not-permitted",
    what: "the system does not permit it, even to this user",
    hint: "look for the immutable or append-only attribute (lsattr) and the owner of the folder (ls -ld)",
  },
  EACCES: {
    kind: "auth",
    code: "denied",
    what: "permission denied",
    hint: "run as root or as the owner of the file",
  },
  ELOOP: {
    code: "link-loop",
    what: "its symbolic links go in a circle",
    hint: "look at the links (namei -l)",
  },
  ENOENT: { code: "not-found", what: "it does not exist", hint: "check the path" },
  ENOTDIR: { code: "not-found", what: "part of the path is not a folder", hint: "check the path" },
  EISDIR: { code: "not-a-file", what: "it is a folder", hint: "name the file itself" },
  ETXTBSY: { code: "busy", what: "it is in use", hint: "end what uses it (fuser -v), then run again" },
  EBUSY: { code: "busy", what: "it is in use or a mount point", hint: "look at findmnt and fuser -v" },
  EIO: { code: "io-error", what: "the disk reports an error", hint: "look at the kernel log (dmesg)" },
};

/**
 * A system error about a file in plain words. A Failure passes through unchanged.
 * @param action what was being done, as in "write" or "read"
 */
export function fileFailure(error: unknown, action: string, path: string): Failure {
  if (error instanceof Failure) return error;
  const known = KNOWN[errnoOf(error) ?? ""];
  if (known === undefined) {
    return new Failure("failed", "file-error", `cannot ${action} ${path}: ${messageOf(error)}`);
  }
  return new Failure(
    known.kind ?? "failed",
    known.code,
    `cannot ${action} ${path}: ${known.what}`,
    known.hint,
  );
}

/** Someone else has changed the file since it was read; theirs stays. */
export function changedMeanwhile(
  path: string,
  what = "has been changed by someone else since it was read",
): Failure {
  return new Failure("failed", "changed-meanwhile", `${path} ${what}; it has not been written`, "run again");
}
