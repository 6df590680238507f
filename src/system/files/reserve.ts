import { randomBytes } from "node:crypto";
import { fileFailure } from "./file-failure.ts";
import { atPlace } from "./place/place.ts";
import { type FsPort, unlinkIfPresent } from "./port/fs-port.ts";
import { realFs } from "./port/real-fs.ts";
import { writeTemporary } from "./write/temp-file.ts";

/** Room on a disk that is kept free until it is released. */
export interface Reservation {
  /** Gives the room back; more than once does no harm. */
  release(): Promise<void>;
}

/** Bytes beyond the content: the directory entry and the blocks that are only partly used. */
const OVERHEAD = 8192;

/**
 * Keeps room for a file of `bytes` bytes beside `path`, so that what must be written later (the old content of a file, if
 * a later change fails) cannot fail for want of it. Node has no posix_fallocate: a hidden file is written and flushed, of
 * random bytes, since file systems that compress would keep no room for others. If the run is killed, the next one sweeps
 * it up like any temporary file.
 * @throws Failure `disk-full`, and as of writing a file
 */
export async function reserveRoom(
  path: string,
  bytes: number,
  options: { readonly fs?: FsPort; readonly spareRoot?: string } = {},
): Promise<Reservation> {
  const { fs = realFs, spareRoot } = options;
  try {
    // In the nearest folder that exists: it is on the same disk as those that will be made in it.
    const name = await atPlace(fs, path, spareRoot, async ({ folder, base }) => {
      return (await writeTemporary(folder, base, randomBytes(bytes + OVERHEAD), { mode: 0o600 })).name;
    });
    return {
      release: () => atPlace(fs, path, spareRoot, ({ folder }) => unlinkIfPresent(folder, name)),
    };
  } catch (error) {
    throw fileFailure(error, "write", path);
  }
}
