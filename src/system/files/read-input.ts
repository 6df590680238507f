import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { errnoOf } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { runFailure } from "../../messages/failures/run.ts";
import type { OddKind } from "../../messages/failures/system/inputs.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";

/** Bytes. The largest hue.ini that Hue ships has 95 kB, the largest bundle of authorities half a megabyte. */
const MOST_INPUT = 16 * 1024 * 1024;

export interface InputOptions {
  /** What the file is to the administrator: "the password", "the specification". */
  readonly what: Text;
  /** The most bytes that are read, default 16 MiB. */
  readonly most?: number;
  /** Ends the reading (a network file system may hang). */
  readonly signal?: AbortSignal;
}

/** A file that was read, with what its handle said about it. */
export interface Input {
  readonly bytes: Buffer;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Bytes asked for at a time beyond the size that the file had. */
const CHUNK = 65_536;

/** Neither a pipe without a writer nor a terminal can hold the program up or become its own. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * Reads a file that somebody named: opened once, judged through its handle, read through that handle and no further than
 * `most`. Whatever is not a regular file is refused at once and never waited for.
 * @throws Failure `settings`: `is-folder`, `not-regular`, `too-large`; `interrupted`; otherwise Node's system errors
 *   (`ENOENT`, `EACCES`, …), which each caller words for its own option
 */
export async function readInput(name: string | Buffer, options: InputOptions): Promise<Input> {
  if (options.signal?.aborted) throw runFailure("interrupted");
  const path = name.toString();
  const file = await openInput(name, options);
  try {
    const stat = await file.stat();
    const { what, most = MOST_INPUT } = options;
    if (stat.isDirectory()) throw systemFailure("is-folder", { path });
    const kind = oddKind(stat);
    if (kind !== undefined) throw systemFailure("not-regular", { what, path, kind });
    if (stat.size > most) throw systemFailure("too-large", { what, path, size: stat.size, most });
    const bytes = await readAtMost(file, path, stat.size, { ...options, most });
    return { bytes, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
  } finally {
    await file.close();
  }
}

/** {@link readInput} as text in UTF-8. */
export async function readInputText(path: string, options: InputOptions): Promise<string> {
  return (await readInput(path, options)).bytes.toString("utf8");
}

async function openInput(name: string | Buffer, { what }: InputOptions): Promise<FileHandle> {
  try {
    return await open(name, FLAGS);
  } catch (error) {
    const path = name.toString();
    // What open(2) says of sockets, and of devices without a driver.
    if (errnoOf(error) === "ENXIO") throw systemFailure("not-regular", { what, path, kind: "socket" });
    if (errnoOf(error) === "ENODEV") throw systemFailure("not-regular", { what, path, kind: "device" });
    throw error;
  }
}

function oddKind(stat: Stats): OddKind | undefined {
  if (stat.isFile()) return undefined;
  if (stat.isFIFO()) return "pipe";
  if (stat.isSocket()) return "socket";
  return stat.isCharacterDevice() || stat.isBlockDevice() ? "device" : "other";
}

/** The content, however long the file has become since it was judged, up to the bound. */
async function readAtMost(
  file: FileHandle,
  path: string,
  size: number,
  { what, most, signal }: InputOptions & { readonly most: number },
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let done = 0;
  while (done <= most) {
    if (signal?.aborted) throw runFailure("interrupted");
    const wanted = size === 0 ? 1 : Math.min(Math.max(size - done, CHUNK), most + 1 - done);
    const read = file.read(Buffer.alloc(wanted), 0, wanted, done).catch((error: unknown) => {
      if (errnoOf(error) === "EAGAIN") throw systemFailure("not-regular", { what, path, kind: "kernel" });
      throw error;
    });
    const { bytesRead, buffer } = await (signal === undefined ? read : unlessAborted(read, signal));
    if (bytesRead === 0) return Buffer.concat(chunks);
    // An empty file that gives bytes is made by the kernel while it is read, and some of those never end.
    if (size === 0) throw systemFailure("not-regular", { what, path, kind: "kernel" });
    chunks.push(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
  throw systemFailure("too-large", { what, path, size: undefined, most });
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(runFailure("interrupted"));
    signal.addEventListener("abort", onAbort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
