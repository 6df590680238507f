import { MessageScanner } from "./thrift-scan.ts";

/** Status bytes of Thrift's SASL negotiation (TSaslTransport). */
export const SASL_COMPLETE = 5;
const SASL_LAST = 5;
/** Longer negotiation messages than this are not PLAIN's. */
const MAX_NEGOTIATION = 16 * 1024;
/** Most bytes of one frame; Thrift's own default is 16 MB (Java) to 100 MB. */
const MAX_FRAME = 256 * 1024 * 1024;

/** Takes a stream of Thrift messages apart: directly, or out of SASL frames. `scanner` describes the present message. */
export interface MessageReader {
  readonly scanner: MessageScanner;
  /** The message, and the frame that holds its end, are complete. */
  readonly done: boolean;
  readonly fault: string | undefined;
  /** @returns where it stopped: at `to`, after the message's end, or at a fault */
  push(chunk: Buffer, from: number, to: number): number;
  reset(): void;
}

/** Messages directly on the connection. */
export class PlainReader implements MessageReader {
  readonly scanner = new MessageScanner();

  get done(): boolean {
    return this.scanner.done;
  }

  get fault(): string | undefined {
    return this.scanner.fault;
  }

  push(chunk: Buffer, from: number, to: number): number {
    return this.scanner.push(chunk, from, to);
  }

  reset(): void {
    this.scanner.reset();
  }
}

/** Messages in frames of a 4-byte length and a payload. One message may span several frames: Impala's buffers flush when they are full. */
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
        if (this.#left > MAX_FRAME) this.#fault = "SASL frame of impossible length";
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

/**
 * Follows one direction of a SASL negotiation: messages of a status byte, a 4-byte length and a payload.
 * Payloads may be credentials: they are never kept here.
 */
export class NegotiationReader {
  /** Status byte of the last complete message. */
  status = 0;
  /** Complete messages so far. */
  messages = 0;
  fault: string | undefined;
  readonly #header = Buffer.alloc(5);
  #have = 0;
  #left = 0;

  /** @returns where it stopped: after each complete message, at `to`, or at a fault */
  push(chunk: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && this.fault === undefined) {
      if (this.#have < 5) {
        this.#header[this.#have++] = chunk[at++] ?? 0;
        if (this.#have < 5) continue;
        const status = this.#header[0] ?? 0;
        this.#left = this.#header.readUInt32BE(1);
        if (status < 1 || status > SASL_LAST) this.fault = "not a SASL status";
        else if (this.#left > MAX_NEGOTIATION) this.fault = "SASL message of impossible length";
      } else {
        const taken = Math.min(this.#left, to - at);
        this.#left -= taken;
        at += taken;
      }
      if (this.#have === 5 && this.#left === 0 && this.fault === undefined) {
        this.status = this.#header[0] ?? 0;
        this.messages++;
        this.#have = 0;
        return at;
      }
    }
    return at;
  }
}
