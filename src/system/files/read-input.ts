import type { Text } from "../../domain/text.ts";
import { runFailure } from "../../messages/failures/run.ts";
import { textOf } from "../input-text.ts";
import { MOST_BYTES, openRegular, readRegular } from "./open-regular.ts";
import { atPlace, type Place } from "./place/place.ts";
import type { FsPort } from "./port/fs-port.ts";
import { realFs } from "./port/real-fs.ts";

export interface InputOptions {
  /** What the file is to the administrator: "the password", "the specification". */
  readonly what: Text;
  /** The most bytes that are read, default 16 MiB. */
  readonly most?: number;
  /** Ends the reading (a network file system may hang). */
  readonly signal?: AbortSignal;
  readonly fs?: FsPort;
}

/** A file that was read, with what its handle said about it. */
export interface Input {
  readonly bytes: Buffer;
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Reads a file that somebody named: links are judged, the file is opened once, judged through its handle, read through
 * that handle and no further than `most`. Whatever is not a regular file is refused at once and never waited for.
 * @throws Failure `settings`: `is-folder`, `not-regular`, `too-large`; `auth` `untrusted-link`; `interrupted`;
 *   otherwise
 *   Node's system errors (`ENOENT`, `EACCES`, …), which each caller words for its own option
 */
export async function readInput(path: string, options: InputOptions): Promise<Input> {
  const { what, most = MOST_BYTES, signal, fs = realFs } = options;
  if (signal?.aborted) throw runFailure("interrupted");
  const reading = atPlace(fs, path, undefined, (place) => readPlace(path, place, { what, most }));
  return signal === undefined ? reading : unlessAborted(reading, signal);
}

/** {@link readInput} as text. @throws Failure `settings` `not-text` */
export async function readInputText(path: string, options: InputOptions): Promise<string> {
  return textOf((await readInput(path, options)).bytes, path, options.what);
}

/** Named in failures as the person named it, not by where its links lead. */
async function readPlace(path: string, place: Place, expected: { what: Text; most: number }): Promise<Input> {
  const opened = await openRegular({ ...place, path }, "r", expected);
  try {
    const bytes = await readRegular(opened, path, expected);
    const { mode, uid, gid } = opened.stat;
    return { bytes, mode, uid, gid };
  } finally {
    await opened.file.close();
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(runFailure("interrupted"));
    signal.addEventListener("abort", onAbort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
