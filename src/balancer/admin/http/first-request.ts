import { Duplex } from "node:stream";

/** A request's head may have so many bytes. */
const LONGEST_HEAD = 8 * 1024;
/** What a client may send behind its request before it is cut: it would lose the answer to a reset otherwise. */
const MOST_BEHIND = 64 * 1024;
const END = "\r\n\r\n";

/**
 * Waits for the head of a connection's first request and reads no further than it came.
 * @param then gets the head, in latin1; not called when the client leaves or says too much before
 */
export function firstHead(socket: Duplex, then: (head: string) => void): void {
  let text = "";
  const onData = (chunk: Buffer): void => {
    const from = Math.max(0, text.length - END.length);
    text += chunk.toString("latin1", 0, LONGEST_HEAD);
    const end = text.indexOf(END, from);
    if (end < 0 && text.length < LONGEST_HEAD) return;
    socket.pause();
    socket.removeListener("data", onData);
    socket.removeAllListeners("end");
    // The parser would wait for more behind blank lines.
    if (end < 0 || end > LONGEST_HEAD || text.slice(0, end).trim() === "") socket.destroy();
    else then(text.slice(0, end + END.length));
  };
  socket.on("data", onData);
  socket.once("end", () => socket.destroy());
}

/**
 * The first request of a connection as a stream of its own for Node's HTTP server, which answers it and closes: what a
 * client sends behind it is never looked at, so that it cannot ask for more than one thing at a time.
 */
export class FirstRequest extends Duplex {
  readonly #socket: Duplex;
  readonly #turn: (act: () => void) => void;

  /** @param turn when a piece of the answer may be handed to the kernel, which costs as much as making it */
  constructor(socket: Duplex, head: string, turn: (act: () => void) => void) {
    super();
    this.#socket = socket;
    this.#turn = turn;
    this.push(head, "latin1");
    socket.once("close", () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#turn(() => {
      if (this.#socket.destroyed) done();
      else this.#socket.write(chunk, done);
    });
  }

  override _final(done: () => void): void {
    let behind = 0;
    this.#socket.on("data", (chunk: Buffer) => {
      behind += chunk.length;
      if (behind > MOST_BEHIND) this.#socket.destroy();
    });
    this.#socket.resume();
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.writableFinished) this.#socket.destroy();
    done(error);
  }
}
