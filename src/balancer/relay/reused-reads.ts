import type { OnReadOpts, Socket } from "node:net";
import { forgetBuffer, giveBuffer, grown, SHARED_SIZE, sharedBuffer, takeBuffer } from "./buffers.ts";

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
  /** The grown buffers that it has: what its next read goes into, and what a pending write still reads. */
  readonly buffers: GrownBuffers;
}

/** Kept by this file. */
export interface GrownBuffers {
  /** The next read goes into it; absent: into the shared one. */
  own: Buffer | undefined;
  /** A pending write to the client still reads it. */
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
    const goOn = length > SMALL_READ ? throughCopy(reader, length) : reader.fromBackend(smallCopy(length));
    if (length === sharedBuffer.length) readNext(reader, takeBuffer(grown(length)));
    return goOn;
  }
  takeLentBack(reader);
  const goOn = reader.fromBackend(length === buffer.length ? buffer : buffer.subarray(0, length));
  if (reader.unsent > 0) {
    lend(reader, buffer);
    readNext(reader, takeBuffer(buffer.length));
    return goOn;
  }
  const larger = length === buffer.length ? grown(length) : buffer.length;
  if (larger === buffer.length && length > SMALL_READ) {
    nextBuffer = buffer;
    return goOn;
  }
  giveBuffer(buffer);
  readNext(reader, length > SMALL_READ ? takeBuffer(larger) : undefined);
  return goOn;
}

/** In Node's own pool. */
function smallCopy(length: number): Buffer {
  const chunk = Buffer.allocUnsafe(length);
  sharedBuffer.copy(chunk, 0, 0, length);
  return chunk;
}

/** One copy serves all reads until a client leaves some of it unsent: garbage of this size costs much memory. */
let copy = Buffer.allocUnsafeSlow(SHARED_SIZE);

function throughCopy(reader: ResultReader, length: number): boolean {
  sharedBuffer.copy(copy, 0, 0, length);
  const goOn = reader.fromBackend(copy.subarray(0, length));
  if (reader.unsent > 0) copy = Buffer.allocUnsafeSlow(SHARED_SIZE);
  return goOn;
}

/** @param own absent: the shared buffer */
function readNext({ buffers }: ResultReader, own: Buffer | undefined): void {
  buffers.own = own;
  if (own !== undefined) nextBuffer = own;
}

function lend({ buffers }: ResultReader, buffer: Buffer): void {
  // Two that are still being written: whichever is forgotten lives until its write has ended.
  if (buffers.lent !== undefined) forgetBuffer(buffers.lent);
  buffers.lent = buffer;
}

/** The client's socket may have taken everything: then nothing reads the lent buffer any more. */
export function takeLentBack({ buffers, unsent }: ResultReader): void {
  if (buffers.lent === undefined || unsent > 0) return;
  giveBuffer(buffers.lent);
  buffers.lent = undefined;
}

/** The socket that was read has closed. What a pending write still reads stays lent. */
export function stopReading(reader: ResultReader): void {
  if (reader.buffers.own !== undefined) giveBuffer(reader.buffers.own);
  reader.buffers.own = undefined;
  takeLentBack(reader);
}

/** Nothing more will be written to the client: gives up the lent buffer, which a last write may still read. */
export function forgetLent({ buffers }: ResultReader): void {
  if (buffers.lent !== undefined) forgetBuffer(buffers.lent);
  buffers.lent = undefined;
}
