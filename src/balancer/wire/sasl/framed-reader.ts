import { MessageScanner } from "../hiveserver2/scanner.ts";
import type { Framing, MessageReader } from "../message-reader.ts";
import { encodeBinary } from "../thrift/encode.ts";
import { LONGEST_MESSAGE } from "../thrift/types.ts";

/**
 * Messages in frames of a 4-byte length and a payload. One message may span several frames: Impala's buffers flush when
 * they are full.
 */
export class FramedReader implements MessageReader {
  readonly scanner = new MessageScanner();
  #fault: string | undefined;
  readonly #header = Buffer.alloc(4);
  #have = 0;
  #left = 0;

  get done(): boolean {
    return this.scanner.done && this.#left === 0 && this.#have === 0;
  }

  get fault(): string | undefined {
    return this.#fault ?? this.scanner.fault;
  }

  push(chunk: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && !this.done && this.fault === undefined) {
      if (this.#left === 0) {
        const byte = chunk[at++] ?? 0;
        this.#header[this.#have++] = byte;
        if (this.#have < 4) continue;
        this.#have = 0;
        this.#left = this.#header.readUInt32BE(0);
        if (this.#left > LONGEST_MESSAGE) this.#fault = "SASL frame of impossible length";
        continue;
      }
      const end = Math.min(to, at + this.#left);
      const stopped = this.scanner.push(chunk, at, end);
      this.#left -= stopped - at;
      at = stopped;
      if (this.scanner.done && this.#left > 0) this.#fault = "bytes after the message in its SASL frame";
    }
    return at;
  }

  reset(): void {
    this.scanner.reset();
    this.#fault = undefined;
    this.#have = 0;
    this.#left = 0;
  }
}

export const saslFraming: Framing = { reader: () => new FramedReader(), wrap: encodeBinary };
