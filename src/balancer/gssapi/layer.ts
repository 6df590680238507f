import { FramePayloads } from "../wire/sasl/frames.ts";
import { LARGEST_BUFFER, LAYERS, type Layer } from "../wire/sasl/layers.ts";
import { WrappedFrames } from "../wire/sasl/wrapped-frames.ts";
import type { SecurityContext } from "./context.ts";
import { GssError } from "./status.ts";

const LENGTH_BYTES = 4;
/** Bytes that are protected at a time: what is large is passed on while it still comes in. */
const PIECE = 64 * 1024;

/**
 * What protects one connection after its login. Inside, frames are as without a layer (length, payload); outside, each
 * payload is a token of the login's context. How messages are cut into frames has no meaning (Thrift's SASL transport
 * reads a stream), so large ones are cut anew.
 */
export class SecurityLayer {
  readonly #context: SecurityContext;
  readonly #confidential: boolean;
  readonly #piece: number;
  readonly #incoming = new WrappedFrames(LARGEST_BUFFER);
  readonly #outgoing = new FramePayloads();

  /**
   * @param largest bytes that the other side takes in one frame
   * @throws GssError `largest` is too small for anything
   */
  constructor(context: SecurityContext, layer: Layer, largest: number) {
    this.#context = context;
    this.#confidential = layer === LAYERS.confidentiality;
    this.#piece = Math.min(PIECE, context.wrapLimit(largest, this.#confidential));
    if (this.#piece <= 0) throw new GssError("the other side takes no frames", "other");
  }

  /** Frames of the other side, without their protection. @throws Error: they are not its, or not in order */
  open(chunk: Buffer): Buffer {
    const opened: Buffer[] = [];
    for (const token of this.#incoming.push(chunk)) {
      const payload = this.#context.unwrap(token, this.#confidential);
      if (payload.length > 0) opened.push(lengthOf(payload), payload);
    }
    return Buffer.concat(opened);
  }

  /** Frames for the other side, protected: as much of them as is there. @throws GssError */
  seal(chunk: Buffer): Buffer {
    const payload = this.#outgoing.take(chunk);
    const sealed: Buffer[] = [];
    for (let at = 0; at < payload.length; at += this.#piece) {
      const token = this.#context.wrap(payload.subarray(at, at + this.#piece), this.#confidential);
      sealed.push(lengthOf(token), token);
    }
    return Buffer.concat(sealed);
  }

  release(): void {
    this.#context.release();
  }
}

function lengthOf(payload: Buffer): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES);
  bytes.writeUInt32BE(payload.length);
  return bytes;
}
