import { EventEmitter } from "node:events";
import type { Socket } from "node:net";

/** As much of a socket as routing uses, without a network: nothing happens but what the fuzzer lets happen. */
export class FakeSocket extends EventEmitter {
  readonly written: Buffer[] = [];
  /** Bytes that the other side has not taken yet. */
  writableLength = 0;
  destroyed = false;
  readableEnded = false;
  writableEnded = false;
  paused = false;
  /** While true, what is written stays here. */
  stuck = false;

  /** For the code under test, which sees a `net.Socket`. */
  get socket(): Socket {
    return this as unknown as Socket;
  }

  get writableFinished(): boolean {
    return this.writableEnded && this.writableLength === 0;
  }

  write(chunk: Buffer): boolean {
    if (this.destroyed || this.writableEnded) return false;
    this.written.push(Buffer.from(chunk));
    if (this.stuck) this.writableLength += chunk.length;
    return !this.stuck;
  }

  /** The other side takes everything. */
  drain(): void {
    const waited = this.writableLength > 0;
    this.stuck = false;
    this.writableLength = 0;
    if (waited && !this.destroyed) this.emit("drain");
    if (waited && this.writableEnded) this.emit("finish");
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  isPaused(): boolean {
    return this.paused;
  }

  end(done?: () => void): void {
    this.writableEnded = true;
    if (done === undefined) return;
    if (this.writableFinished) done();
    else this.once("finish", done);
  }

  destroy(): void {
    this.destroyed = true;
  }

  destroySoon(): void {
    this.destroy();
  }

  resetAndDestroy(): void {
    this.destroy();
  }
}
