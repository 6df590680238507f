import { HEADER_BYTES, isStatus } from "./negotiation.ts";

/** Longest payload of GSSAPI's messages: tickets of Active Directory with many groups have some 48 kB. */
export const LONGEST_TOKEN = 64 * 1024;
/** Complete messages that may wait to be taken: the two that a client may send without an answer. */
const MOST_WAITING = 2;

export interface SaslMessage {
  readonly status: number;
  readonly payload: Buffer;
}

/** Messages of a negotiation as they come in, for whoever takes one after the other. */
export class SaslMessages {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #have = 0;
  #payload: Buffer = Buffer.alloc(0);
  #filled = 0;
  readonly #waiting: SaslMessage[] = [];
  #error: Error | undefined;
  #taker: { resolve(message: SaslMessage): void; reject(error: Error): void } | undefined;

  /** Every byte so far is part of a message that has been taken. */
  get isEmpty(): boolean {
    return this.#have === 0 && this.#waiting.length === 0;
  }

  /** Takes bytes, which it copies. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && this.#error === undefined; ) at = this.#read(chunk, at);
  }

  /** No further message comes. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#taker?.reject(this.#error);
    this.#taker = undefined;
  }

  /** The next message. @throws what {@link fail} was told, or Error: not a negotiation */
  next(): Promise<SaslMessage> {
    const first = this.#waiting.shift();
    if (first !== undefined) return Promise.resolve(first);
    if (this.#error !== undefined) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => {
      this.#taker = { resolve, reject };
    });
  }

  #read(chunk: Buffer, from: number): number {
    if (this.#have < HEADER_BYTES) {
      const taken = chunk.copy(this.#header, this.#have, from, from + HEADER_BYTES - this.#have);
      this.#have += taken;
      if (this.#have === HEADER_BYTES) this.#begin();
      return from + taken;
    }
    const taken = chunk.copy(this.#payload, this.#filled, from);
    this.#filled += taken;
    this.#endIfWhole();
    return from + taken;
  }

  #begin(): void {
    const length = this.#header.readUInt32BE(1);
    if (!isStatus(this.#header[0] ?? 0)) this.fail(new Error("not a SASL status"));
    else if (length > LONGEST_TOKEN) this.fail(new Error("a SASL message of impossible length"));
    else {
      this.#payload = Buffer.alloc(length);
      this.#filled = 0;
      this.#endIfWhole();
    }
  }

  #endIfWhole(): void {
    if (this.#filled < this.#payload.length) return;
    const message = { status: this.#header[0] ?? 0, payload: this.#payload };
    this.#have = 0;
    const taker = this.#taker;
    this.#taker = undefined;
    if (taker !== undefined) taker.resolve(message);
    else if (this.#waiting.length < MOST_WAITING) this.#waiting.push(message);
    else this.fail(new Error("more SASL messages than were asked for"));
  }
}

/** A message as it is sent. */
export function encodeSaslMessage(status: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = status;
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
}
