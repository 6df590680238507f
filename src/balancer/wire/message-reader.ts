import { MessageScanner } from "./hiveserver2/scanner.ts";

/**
 * Takes a stream of Thrift messages apart: directly, or out of the frames of a transport. `scanner` describes the
 * present message.
 */
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

/** How messages are told apart on a connection: one reader for each direction. */
export interface Framing {
  readonly reader: () => MessageReader;
  /** A message of our own, as it is sent. */
  readonly wrap: (message: Buffer) => Buffer;
}

export const plainFraming: Framing = { reader: () => new PlainReader(), wrap: (message) => message };
