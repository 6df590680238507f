import type { Socket } from "node:net";
import type { Text } from "../../../domain/text.ts";
import { after } from "../../time/clock.ts";

/**
 * What one step of a check saw; `unusable`: this kind of check does not work with this backend and says nothing about
 * it.
 */
export interface StepResult {
  readonly outcome: "good" | "failed" | "stopping" | "unusable" | "local";
  readonly text: Text;
}

/** What an exchange ended with: the reader's result, or why there is none. */
export type Exchanged<T> = { readonly value: T } | { readonly none: "closed" | "timeout" | "too-long" };

/** How the messages of an exchange go over the connection. */
export interface Codec {
  seal(message: Buffer): Buffer;
  /** Bytes of messages in a chunk. @throws Error they are none */
  open(chunk: Buffer): Buffer;
}

/** A check reads no more than this of an answer: enough for any OpenSession reply. */
const LONGEST_ANSWER = 64 * 1024;

/**
 * Sends bytes and reads until `read` recognises an answer (returns something other than undefined).
 * @param timeout seconds
 */
export function exchange<T>(
  socket: Socket,
  bytes: Buffer | string,
  timeout: number,
  read: (answer: Buffer) => T | undefined,
  codec?: Codec,
): Promise<Exchanged<T>> {
  return new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const settle = (result: Exchanged<T>): void => {
      clearTimeout(timer);
      socket.removeAllListeners("data");
      resolve(result);
    };
    const timer = after(timeout, () => settle({ none: "timeout" }));
    socket.on("error", () => settle({ none: "closed" }));
    socket.on("end", () => settle({ none: "closed" }));
    socket.on("data", (chunk: Buffer) => {
      const opened = codec === undefined ? chunk : openedBy(codec, chunk);
      if (opened === undefined) {
        settle({ none: "closed" });
        return;
      }
      answer = Buffer.concat([answer, opened]);
      const value = read(answer);
      if (value !== undefined) settle({ value });
      else if (answer.length > LONGEST_ANSWER) settle({ none: "too-long" });
    });
    socket.write(codec === undefined ? bytes : codec.seal(Buffer.from(bytes)));
  });
}

function openedBy(codec: Codec, chunk: Buffer): Buffer | undefined {
  try {
    return codec.open(chunk);
  } catch {
    return undefined;
  }
}
