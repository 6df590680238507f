import type { OnReadOpts, Socket } from "node:net";
import { type ResultReader, reusedReads, takeLentBack } from "../relay/reused-reads.ts";
import type { MessageReader } from "../wire/sasl.ts";

/** A socket knows its link by a property, so that one constant set of read options serves all. */
const LINK = Symbol("link");
interface LinkedSocket extends Socket {
  [LINK]?: Link;
}

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
export class Link implements ResultReader {
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
  lent: Buffer | undefined;
  #over = false;

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
    takeLentBack(this);
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

  fromBackend(chunk: Buffer): boolean {
    return this.owner.linkBytes(this, chunk);
  }

  get unsent(): number {
    return this.owner.unsent;
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

/** For the sockets of links. */
export const linkReads: OnReadOpts = reusedReads((socket: LinkedSocket) => socket[LINK]);
