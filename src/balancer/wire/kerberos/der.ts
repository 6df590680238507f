/** Not DER, or not what is expected there. */
export class DerError extends Error {}

/** Of a constructed element that stands in this place: `[APPLICATION n]` and `[n]`. */
export const APPLICATION = 0x60;
export const CONTEXT = 0xa0;
export const SEQUENCE = 0x30;
export const INTEGER = 0x02;
export const OCTET_STRING = 0x04;
export const OBJECT_IDENTIFIER = 0x06;
export const GENERAL_STRING = 0x1b;

/**
 * Reads DER (X.690) forwards: definite and shortest lengths only, nothing beyond the element that it was made for.
 * Elements are views of the bytes, nothing is copied, so that what they cost is bounded by what was read.
 */
export class DerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** What is left, as it is. */
  get rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  /** True if the next element has this tag. */
  has(tag: number): boolean {
    return this.#bytes[this.#at] === tag;
  }

  /** The content of the next element, which must have this tag. @throws DerError */
  take(tag: number): Buffer {
    if (!this.has(tag)) throw new DerError(`tag ${tag.toString(16)} expected`);
    this.#at++;
    const length = this.#length();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new DerError("an element longer than what holds it");
    const content = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return content;
  }

  /** A reader of the content of the next element. @throws DerError */
  enter(tag: number): DerReader {
    return new DerReader(this.take(tag));
  }

  /** The element of this tag that alone makes up the content of the next one. @throws DerError */
  only(outer: number, tag: number): Buffer {
    const inside = this.enter(outer);
    const content = inside.take(tag);
    if (!inside.done) throw new DerError("more than one element");
    return content;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw new DerError("no definite length");
    let length = 0;
    for (let each = 0; each < count; each++) length = length * 256 + this.#byte();
    if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError("a length longer than needed");
    return length;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DerError("the end");
    return byte;
  }
}

/** A small integer that is not negative (versions, types, numbers of keys). @throws DerError */
export function smallInteger(content: Buffer): number {
  const [first = 0x80, second = 0] = content;
  const padded = content.length > 1 && first === 0 && second < 0x80;
  if (content.length === 0 || content.length > 5 || first >= 0x80 || padded)
    throw new DerError("not a small integer");
  return content.readUIntBE(0, content.length);
}
