import { errnoOf } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";
import type { Place } from "./place/place.ts";
import type { FileStat, OpenFile } from "./port/fs-port.ts";

/** Bytes. The largest hue.ini that Hue ships has 95 kB, the largest bundle of authorities half a megabyte. */
export const MOST_BYTES = 16 * 1024 * 1024;

/** What a file is to the administrator: "the password", "the specification"; and the most bytes that it may have. */
export interface Expectation {
  readonly what: Text;
  readonly most: number;
}

/** A regular file as its handle shows it. */
export interface OpenRegular {
  readonly file: OpenFile;
  readonly stat: FileStat;
}

/**
 * Opens the file of a place, once, for reading or for both, and judges what was opened. Devices and pipes are refused
 * before they are opened (that alone may do something), and again by the handle.
 * @throws Failure `settings`: `is-folder`, `not-regular`, `too-large`; Node's system errors
 */
export async function openRegular(
  place: Pick<Place, "path" | "folder" | "base" | "stat">,
  flags: "r" | "r+",
  expected: Expectation,
): Promise<OpenRegular> {
  const { path, folder, base, stat: seen } = place;
  if (seen === undefined) throw missing(path);
  requireRegular(seen, path, expected);
  const file = await folder.open(base, flags).catch((error: unknown) => {
    throw errnoOf(error) === "ELOOP" ? swapped(path) : error;
  });
  try {
    const stat = await file.stat();
    requireRegular(stat, path, expected);
    // The links on the way were judged by the file that they led to then.
    if (stat.identity !== seen.identity) throw swapped(path);
    return { file, stat };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The whole content. @throws Failure `settings`: `not-regular`, `too-large`; Node's system errors */
export async function readRegular(
  { file, stat }: OpenRegular,
  path: string,
  { what, most }: Expectation,
): Promise<Buffer> {
  const bytes = await file.read(most).catch((error: unknown) => {
    if (errnoOf(error) === "EAGAIN") throw systemFailure("not-regular", { what, path, kind: "kernel" });
    throw error;
  });
  // An empty file that gives bytes is made by the kernel while it is read, and some of those never end.
  if (stat.size === 0 && bytes.length > 0 && (await file.stat()).size === 0)
    throw systemFailure("not-regular", { what, path, kind: "kernel" });
  if (bytes.length > most) throw systemFailure("too-large", { what, path, size: undefined, most });
  return bytes;
}

function requireRegular({ kind, size }: FileStat, path: string, { what, most }: Expectation): void {
  if (kind === "folder") throw systemFailure("is-folder", { path });
  if (kind === "link") throw swapped(path);
  if (kind !== "file") throw systemFailure("not-regular", { what, path, kind });
  if (size > most) throw systemFailure("too-large", { what, path, size, most });
}

/** A link or another file has taken its place since the way to it was gone. */
function swapped(path: string): Error {
  return Object.assign(new Error(`ESTALE: something else has taken its place, open '${path}'`), {
    code: "ESTALE",
  });
}

function missing(path: string): Error {
  const message = `ENOENT: no such file or directory, open '${path}'`;
  return Object.assign(new Error(message), { code: "ENOENT", syscall: "open", path });
}
