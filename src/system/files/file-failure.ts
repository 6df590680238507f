import { errnoOf, Failure } from "../../domain/failure.ts";
import { errnoText, systemText } from "../../messages/errno.ts";
import { cannot, type FileAction, type Meanwhile, meanwhile } from "../../messages/failures/system/files.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";

/** A system error about a file in plain words. A Failure passes through unchanged. */
export function fileFailure(error: unknown, action: FileAction, path: string): Failure {
  if (error instanceof Failure) return error;
  const errno = errnoOf(error);
  const problem = { action, path, reason: errnoText(errno) ?? systemText(error) };
  switch (errno) {
    case "ENOSPC":
    case "EDQUOT":
      return systemFailure("disk-full", { ...problem, quota: errno === "EDQUOT" });
    case "EROFS":
      return systemFailure("read-only", problem);
    case "EPERM":
      return systemFailure("not-permitted", problem);
    case "EACCES": {
      const hint = {
        en: "run as root or as the owner of the file",
        ja: "root またはファイルの所有者として実行してください",
      };
      return systemFailure("denied", { reason: cannot(problem), hint });
    }
    case "ELOOP":
      return systemFailure("link-loop", { reason: cannot(problem) });
    // Somebody has put another file or folder in its place while it was looked at (place/walk.ts).
    case "ESTALE":
      return changedMeanwhile(path);
    case "ENOENT":
    case "ENOTDIR":
      return systemFailure("not-found", problem);
    case "EISDIR":
      return systemFailure("not-a-file", { reason: cannot(problem) });
    case "ETXTBSY":
    case "EBUSY":
      return systemFailure("busy", { ...problem, program: errno === "ETXTBSY" });
    case "EIO":
      return systemFailure("io-error", problem);
    default:
      return systemFailure("file-error", { ...problem, reason: systemText(error) });
  }
}

/** Someone else has changed the file since it was read; theirs stays. */
export function changedMeanwhile(path: string, what: Meanwhile = "changed"): Failure {
  return systemFailure("changed-meanwhile", { reason: meanwhile(path, what) });
}
