import type { OnReadOpts, Socket } from "node:net";
import { giveBuffer, grown, sharedBuffer, takeBuffer } from "./buffers.ts";

/** Reads no larger than this send a grown connection back to the shared buffer. */
const SMALL_READ = 4 * 1024;

/** Who reads from a backend and writes what it says to a client. */
export interface ResultReader {
  /**
   * Bytes from the backend, valid only during the call unless they are still unsent. @returns whether to go on
   * reading
   */
  fromBackend(chunk: Buffer): boolean;
  /** Bytes that the client's socket has not taken yet: while there are, a read buffer is still in use. */
  readonly unsent: number;
  /** A grown buffer that a pending write to the client still reads. Kept by this file. */
  lent: Buffer | undefined;
}

let nextBuffer: Buffer = sharedBuffer;

/**
 * For `net.connect`'s `onread`: one constant object serves every socket towards a backend, as `readerOf` finds the
 * reader on it. A socket reads into the shared buffer, or into one that it has grown into.
 */
export function reusedReads<S extends Socket>(readerOf: (socket: S) => ResultReader | undefined): OnReadOpts {
  return {
    buffer: () => {
      const buffer = nextBuffer;
      nextBuffer = sharedBuffer;
      return buffer;
    },
    callback: function (this: S, length: number, buffer: Uint8Array): boolean {
      const reader = readerOf(this);
      return reader === undefined || readInto(reader, length, buffer as Buffer);
    } as OnReadOpts["callback"],
  };
}

/**
 * One read into `buffer`: either the shared one, whose bytes are copied out, or one that this reader has grown into
 * and that may be used again as soon as the client's socket has taken everything. Says whether to go on reading; sets
 * the next buffer.
 */
function readInto(reader: ResultReader, length: number, buffer: Buffer): boolean {
  if (buffer === sharedBuffer) {
    const chunk = Buffer.allocUnsafe(length);
    sharedBuffer.copy(chunk, 0, 0, length);
    if (length === sharedBuffer.length) nextBuffer = takeBuffer(grown(length));
    return reader.fromBackend(chunk);
  }
  takeLentBack(reader);
  const goOn = reader.fromBackend(length === buffer.length ? buffer : buffer.subarray(0, length));
  if (reader.unsent > 0) {
    reader.lent = reader.lent === undefined ? buffer : undefined;
    nextBuffer = takeBuffer(buffer.length);
    return goOn;
  }
  const larger = length === buffer.length ? grown(length) : buffer.length;
  if (larger === buffer.length && length > SMALL_READ) {
    nextBuffer = buffer;
    return goOn;
  }
  giveBuffer(buffer);
  if (length > SMALL_READ) nextBuffer = takeBuffer(larger);
  return goOn;
}

/** The client's socket may have taken everything: then nothing reads the lent buffer any more. */
export function takeLentBack(reader: ResultReader): void {
  if (reader.lent === undefined || reader.unsent > 0) return;
  giveBuffer(reader.lent);
  reader.lent = undefined;
}
