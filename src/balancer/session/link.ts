import type { OnReadOpts, Socket } from "node:net";
import { giveBuffer, grown, lobby, takeBuffer } from "../relay/buffers.ts";
import type { MessageReader } from "./sasl.ts";

/** A socket knows its link by a property, so that one constant set of read options serves all. */
const LINK = Symbol("link");
interface LinkedSocket extends Socket {
  [LINK]?: Link;
}

/** Reads no larger than this send a grown link back to the shared buffer. */
const SMALL_READ = 4 * 1024;

/** Who uses a link: the client connection that it was opened for. */
export interface LinkOwner {
  /** Bytes from the backend, valid only during the call unless a client write is still pending. @returns whether to go on reading */
  linkBytes(link: Link, chunk: Buffer): boolean;
  /** The backend has closed, or the connection has broken. */
  linkEnded(link: Link, error: Error | undefined): void;
  /** The backend takes bytes again. */
  linkDrained(link: Link): void;
  /** Bytes that the client's socket has not taken yet: while there are, a read buffer is still in use. */
  readonly unsent: number;
}

/** One upstream connection of one client connection. */
export class Link {
  readonly backend: string;
  readonly socket: Socket;
  /** Follows the replies. */
  readonly reader: MessageReader;
  /** A call is on its way there, or its reply on its way back. */
  busy = false;
  /** No session has been opened on it: to close it ends no session, even on an Impala before 3.3. */
  guest = true;
  /** Running time (milliseconds) of its last call. */
  lastUse = 0;
  /** While a login is repeated on it, someone else than later. */
  owner: LinkOwner;
  #over = false;
  #lent: Buffer | undefined;

  constructor(backend: string, socket: Socket, reader: MessageReader, owner: LinkOwner) {
    this.backend = backend;
    this.socket = socket;
    this.reader = reader;
    this.owner = owner;
    (socket as LinkedSocket)[LINK] = this;
    socket.on("data", (chunk) => {
      if (!this.owner.linkBytes(this, chunk)) socket.pause();
    });
    socket.on("end", () => this.#ended(undefined));
    socket.on("error", (error) => this.#ended(error));
    socket.on("close", () => this.#ended(undefined));
    socket.on("drain", () => this.owner.linkDrained(this));
  }

  /** @returns false when the caller should wait for `linkDrained` */
  send(chunk: Buffer): boolean {
    return this.socket.write(chunk) || this.socket.writableLength === 0;
  }

  resume(): void {
    if (this.#lent !== undefined && this.owner.unsent === 0) {
      giveBuffer(this.#lent);
      this.#lent = undefined;
    }
    this.socket.resume();
  }

  /** Lets go of it; a call in flight is broken off, which the backend sees as a reset. */
  close(): void {
    this.#over = true;
    if (this.busy) this.socket.resetAndDestroy();
    else {
      this.socket.end();
      this.socket.destroySoon();
    }
  }

  /**
   * One read into `buffer`: the shared one, whose bytes are copied out, or one that this link has grown into and that may be used again
   * as soon as the client's socket has taken everything. Sets the next buffer.
   */
  readInto(length: number, buffer: Buffer): boolean {
    if (buffer === lobby) {
      const chunk = Buffer.allocUnsafe(length);
      lobby.copy(chunk, 0, 0, length);
      if (length === lobby.length) nextBuffer = takeBuffer(grown(length));
      return this.owner.linkBytes(this, chunk);
    }
    const goOn = this.owner.linkBytes(this, length === buffer.length ? buffer : buffer.subarray(0, length));
    if (this.owner.unsent > 0) {
      this.#lent = this.#lent === undefined ? buffer : undefined;
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

  /** The backend closed before anyone listened, or since. */
  get broken(): boolean {
    return this.#over || this.socket.destroyed || this.socket.readableEnded;
  }

  #ended(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.owner.linkEnded(this, error);
    this.socket.destroy();
  }
}

let nextBuffer: Buffer = lobby;

/** For the sockets of links. */
export const linkReads: OnReadOpts = {
  buffer: () => {
    const buffer = nextBuffer;
    nextBuffer = lobby;
    return buffer;
  },
  callback: function (this: LinkedSocket, length: number, buffer: Uint8Array): boolean {
    return this[LINK]?.readInto(length, buffer as Buffer) ?? true;
  } as OnReadOpts["callback"],
};
