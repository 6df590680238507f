/**
 * Status bytes of Thrift's SASL negotiation (TSaslTransport): 2 is OK, 4 ERROR. After COMPLETE from the server come
 * frames.
 */
export const START = 1;
export const OK = 2;
export const BAD = 3;
export const COMPLETE = 5;

/** Of a message: its status and the length of its payload, big-endian. */
export const HEADER_BYTES = 5;
/** Longer negotiation messages than this are not PLAIN's. */
export const LONGEST_NEGOTIATION = 16 * 1024;

/** True if a byte is one of a negotiation's: what follows may be credentials. */
export function isStatus(byte: number): boolean {
  return byte >= START && byte <= COMPLETE;
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
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #have = 0;
  #left = 0;

  /** @returns where it stopped: after each complete message, at `to`, or at a fault */
  push(chunk: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && this.fault === undefined) {
      if (this.#have < HEADER_BYTES) {
        this.#header[this.#have++] = chunk[at++] ?? 0;
        if (this.#have < HEADER_BYTES) continue;
        const status = this.#header[0] ?? 0;
        this.#left = this.#header.readUInt32BE(1);
        if (!isStatus(status)) this.fault = "not a SASL status";
        else if (this.#left > LONGEST_NEGOTIATION) this.fault = "SASL message of impossible length";
      } else {
        const taken = Math.min(this.#left, to - at);
        this.#left -= taken;
        at += taken;
      }
      if (this.#have === HEADER_BYTES && this.#left === 0 && this.fault === undefined) {
        this.status = this.#header[0] ?? 0;
        this.messages++;
        this.#have = 0;
        return at;
      }
    }
    return at;
  }
}

/** How a client begins that wants to log in by this mechanism. */
export function saslStart(mechanism: string): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + mechanism.length);
  message[0] = START;
  message.writeUInt32BE(mechanism.length, 1);
  message.write(mechanism, HEADER_BYTES, "latin1");
  return message;
}

/**
 * The first 32 bytes for a log. A negotiation's message in a wrong place may hold a password: then only its status and
 * length.
 */
export function withoutCredentials(bytes: Buffer): Buffer {
  return bytes.subarray(0, isStatus(bytes[0] ?? 0) ? HEADER_BYTES : 32);
}
