const LENGTH_BYTES = 4;

/** Takes the payloads out of a stream of frames (4-byte length, payload) of one direction. */
export class FramePayloads {
  readonly #header = Buffer.alloc(LENGTH_BYTES);
  #have = 0;
  /** Of the present frame's payload. */
  #left = 0;

  /** The bytes of payloads in a chunk, however it is cut; a view of it where they are in one piece. */
  take(chunk: Buffer): Buffer {
    const pieces: Buffer[] = [];
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const end = Math.min(chunk.length, at + this.#left);
        pieces.push(chunk.subarray(at, end));
        this.#left -= end - at;
        at = end;
        continue;
      }
      this.#header[this.#have++] = chunk[at++] ?? 0;
      if (this.#have < LENGTH_BYTES) continue;
      this.#have = 0;
      this.#left = this.#header.readUInt32BE(0);
    }
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }
}
