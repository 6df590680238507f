import type { OnReadOpts, Socket } from "node:net";
import type { SecurityLayer } from "../../gssapi/layer.ts";
import { backlog } from "../../relay/backlog.ts";
import { reset } from "../../relay/reset.ts";
import {
  forgetLent,
  type GrownBuffers,
  type ResultReader,
  reusedReads,
  stopReading,
  takeLentBack,
} from "../../relay/reused-reads.ts";
import { mayCarryPassword } from "../../tls/secured.ts";
import type { MessageReader } from "../../wire/message-reader.ts";
import { MOST_OF_A_LINK } from "./keepers.ts";

const EMPTY = Buffer.alloc(0);

/** A socket knows its link by a property, so that one constant set of read options serves all. */
const LINK = Symbol("link");
interface LinkedSocket extends Socket {
  [LINK]?: Link;
}

/** Who uses a link just now: a login, a search, or the calls of its client connection. */
export interface LinkUser {
  /**
   * Bytes from the backend, valid only during the call unless a client write is still pending. @returns whether to go
   * on reading
   */
  linkBytes(link: Link, chunk: Buffer): boolean;
  /** The backend has closed, or the connection has broken. */
  linkEnded(link: Link, error: Error | undefined): void;
  /** The backend takes bytes again. */
  linkDrained(link: Link): void;
}

/** Makes a client's login once more, on the link to a further backend. */
export interface LinkLogin {
  /** @throws Error without a word of what was sent */
  logIn(link: Link): Promise<void>;
  /** The client has gone: nothing of a login outlives its connection. */
  wipe(): void;
}

/**
 * What hangs on a link. `unused`: nothing. `guest`: it has carried a call that uses a session, which Impala since 3.3
 * keeps for as long as such a connection stays. `owner`: a session has been opened on it, which ends with it on an
 * Impala before 3.3. `whole`: it is a session.
 */
export type LinkRole = "unused" | "guest" | "owner" | "whole";

/** One upstream connection of one client connection. */
export class Link implements ResultReader {
  readonly backend: string;
  readonly socket: Socket;
  /** Follows the replies. */
  readonly reader: MessageReader;
  /** A call is on its way there, or its reply on its way back. */
  busy = false;
  role: LinkRole = "unused";
  /** The last sessions that were opened on it. */
  readonly opened: string[] = [];
  /** Running time (milliseconds) of its last call. */
  lastUse = 0;
  user: LinkUser;
  readonly buffers: GrownBuffers = { own: undefined, lent: undefined };
  readonly #client: Socket;
  #over = false;
  #layer: SecurityLayer | undefined;

  /** @param client the socket to which replies are written */
  constructor(backend: string, socket: Socket, reader: MessageReader, client: Socket, user: LinkUser) {
    this.backend = backend;
    this.socket = socket;
    this.reader = reader;
    this.user = user;
    this.#client = client;
    (socket as LinkedSocket)[LINK] = this;
    socket.on("data", (chunk) => {
      if (!this.fromBackend(chunk)) socket.pause();
    });
    socket.on("end", () => this.#ended(undefined));
    socket.on("error", (error) => this.#ended(error));
    socket.on("close", () => {
      stopReading(this);
      forgetLent(this);
      this.#ended(undefined);
    });
    socket.on("drain", () => this.user.linkDrained(this));
  }

  /** A session has been opened on it. */
  owns(session: string | undefined): void {
    this.role = "owner";
    if (session === undefined) return;
    this.opened.push(session);
    if (this.opened.length > MOST_OF_A_LINK) this.opened.shift();
  }

  /** @returns false when the caller should wait for `linkDrained` */
  send(chunk: Buffer): boolean {
    if (this.#over) return true;
    const sealed = this.#layer === undefined ? chunk : this.#seal(this.#layer, chunk);
    return sealed.length === 0 || this.socket.write(sealed) || this.takes;
  }

  /** What cannot be protected any more (the ticket is over) is not sent, and the link ends when its user is done. */
  #seal(layer: SecurityLayer, chunk: Buffer): Buffer {
    try {
      return layer.seal(chunk);
    } catch (error) {
      setImmediate(() => this.#ended(error as Error));
      return EMPTY;
    }
  }

  /** What is sent and received from now on is protected like this; undefined: not at all. */
  secure(layer: SecurityLayer | undefined): void {
    if (this.#over) layer?.release();
    else this.#layer = layer;
  }

  resume(): void {
    takeLentBack(this);
    this.socket.resume();
  }

  /** Lets go of it; a call in flight is broken off, which the backend sees as a reset. */
  close(): void {
    this.#over = true;
    this.#layer?.release();
    if (this.busy) reset(this.socket);
    else {
      this.socket.end();
      this.socket.destroySoon();
    }
  }

  fromBackend(chunk: Buffer): boolean {
    return this.#layer === undefined ? this.user.linkBytes(this, chunk) : this.#protected(this.#layer, chunk);
  }

  /** A frame that is not protected, or not in its order, ends the link. */
  #protected(layer: SecurityLayer, chunk: Buffer): boolean {
    if (this.#over) return false;
    let opened: Buffer;
    try {
      opened = layer.open(chunk);
    } catch (error) {
      this.#ended(error as Error);
      return false;
    }
    return opened.length === 0 || this.user.linkBytes(this, opened);
  }

  get unsent(): number {
    return this.#client.writableLength;
  }

  /** The backend takes what it is sent. */
  get takes(): boolean {
    return backlog(this.socket) === 0;
  }

  /** The client's password may be sent there: what came over TLS is sent on over verified TLS only. */
  get mayTakePassword(): boolean {
    return mayCarryPassword(this.#client, this.socket);
  }

  /** The backend closed before anyone listened, or since. */
  get broken(): boolean {
    return this.#over || this.socket.destroyed || this.socket.readableEnded;
  }

  #ended(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#layer?.release();
    this.user.linkEnded(this, error);
    this.socket.destroy();
  }
}

/** For the sockets of links. */
export const linkReads: OnReadOpts = reusedReads((socket: LinkedSocket) => socket[LINK]);
