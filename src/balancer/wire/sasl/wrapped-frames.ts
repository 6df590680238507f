const LENGTH_BYTES = 4;

/** Takes frames of a 4-byte length and a protected payload out of a stream. */
export class WrappedFrames {
  readonly #longest: number;
  #pieces: Buffer[] = [];
  #bytes = 0;

  /** @param longest bytes of a payload at most */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /**
   * The payloads that are complete with this chunk; they may be views of it. What is left is copied: the chunk's memory
   * may be read into again.
   * @throws Error a length that cannot be
   */
  push(chunk: Buffer): Buffer[] {
    this.#pieces.push(chunk);
    this.#bytes += chunk.length;
    const payloads: Buffer[] = [];
    for (;;) {
      const length = this.#length();
      if (length === undefined || this.#bytes < LENGTH_BYTES + length) {
        this.#keep();
        return payloads;
      }
      const whole = this.#join();
      const end = LENGTH_BYTES + length;
      payloads.push(whole.subarray(LENGTH_BYTES, end));
      this.#pieces = end === whole.length ? [] : [whole.subarray(end)];
      this.#bytes -= end;
    }
  }

  #keep(): void {
    const last = this.#pieces.pop();
    if (last !== undefined && last.length > 0) this.#pieces.push(Buffer.from(last));
  }

  /** Length of the first frame's payload, once it is known. */
  #length(): number | undefined {
    if (this.#bytes < LENGTH_BYTES) return undefined;
    const [first] = this.#pieces;
    const start = first !== undefined && first.length >= LENGTH_BYTES ? first : this.#join();
    const length = start.readUInt32BE(0);
    if (length === 0 || length > this.#longest) throw new Error("a protected frame of impossible length");
    return length;
  }

  #join(): Buffer {
    const [first] = this.#pieces;
    const whole = this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces);
    this.#pieces = [whole];
    return whole;
  }
}
