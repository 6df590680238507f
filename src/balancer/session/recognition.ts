import type { Phase, PhaseOwner } from "./phase.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Transport } from "./transports/transport.ts";
import { recognise, unknown } from "./transports/transports.ts";

/** A connection whose transport is not known yet. */
export interface RecognitionOwner extends PhaseOwner {
  /** `head` is all that the client has said so far. */
  recognised(transport: Transport, head: Buffer): void;
}

/** Waits until the client has said enough to tell what it speaks. */
export class Recognition implements Phase {
  readonly #connection: RecognitionOwner;
  #head: Buffer = Buffer.alloc(0);

  constructor(connection: RecognitionOwner) {
    this.#connection = connection;
  }

  get state(): Phase["state"] {
    return this.#head.length === 0 ? "idle" : "unfinished";
  }

  fromClient(chunk: Buffer): void {
    this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    const transport = recognise(this.#head);
    if (transport !== undefined) this.#connection.recognised(transport, this.#head);
  }

  clientDrained(): void {
    // Nothing has been written yet.
  }

  tick(silence: number, _quiet: number, timeouts: Timeouts): void {
    if (this.#head.length === 0) {
      const limit = timeouts.firstByte > 0 ? timeouts.firstByte : timeouts.client;
      if (silence > limit) this.#connection.finish("cD", `nothing said within ${limit} s`);
    } else if (silence > timeouts.unfinished) this.#connection.recognised(unknown, this.#head);
  }

  stop(): void {
    // Nothing is under way.
  }
}
