import { randomBytes } from "node:crypto";
import { errnoOf } from "../../domain/failure.ts";
import { fileFailure } from "./file-failure.ts";
import { temporaryName } from "./names.ts";
import { atPlace } from "./place/place.ts";
import { type FsPort, type OpenFile, unlinkIfPresent, writeAll } from "./port/fs-port.ts";
import { realFs } from "./port/real-fs.ts";

/** Room on a file system that nobody else can take meanwhile. */
export interface Room {
  /** Gives back all but so many bytes. */
  shrink(bytes: number): Promise<void>;
  /** Gives back everything; harmless when repeated. */
  release(): Promise<void>;
}

const CHUNK = 65_536;
const NONE: Room = { shrink: async () => undefined, release: async () => undefined };

/**
 * Holds room where a file is or would be: in a file without a name, which the kernel takes back whatever becomes of
 * this process. What cannot be written to has no room to hold; what is written in place there takes none.
 * @param path of the file, which need not exist, nor the folders above it
 * @throws Failure `disk-full`, … as of writing the file
 */
export async function holdRoom(path: string, bytes: number, fs: FsPort = realFs): Promise<Room> {
  if (bytes <= 0) return NONE;
  try {
    return await atPlace(fs, path, undefined, async ({ folder, base }) => {
      const name = temporaryName(base);
      const file = await folder.open(name, "wx", 0o600);
      try {
        await unlinkIfPresent(folder, name);
        await fill(file, bytes);
        return roomOf(file);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes(errnoOf(error) ?? "")) return NONE;
    throw fileFailure(error, "write", path);
  }
}

/** Bytes that no file system can store in less: neither as a hole nor compressed nor once for all. */
async function fill(file: OpenFile, bytes: number): Promise<void> {
  for (let done = 0; done < bytes; done += CHUNK) {
    await writeAll(file, randomBytes(Math.min(CHUNK, bytes - done)), done);
  }
  await file.sync();
}

function roomOf(file: OpenFile): Room {
  let open: OpenFile | undefined = file;
  return {
    shrink: async (bytes) => open?.truncate(bytes),
    release: async () => {
      const held = open;
      open = undefined;
      await held?.close();
    },
  };
}
