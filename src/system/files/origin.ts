import type { FileStat } from "./port/fs-port.ts";

/** Of which file a content was read: what is made of it goes into that file only, or where as few may read it. */
export type Origin = Pick<FileStat, "identity" | "mode" | "uid" | "gid">;

export function originOf({ identity, mode, uid, gid }: FileStat): Origin {
  return { identity, mode, uid, gid };
}
