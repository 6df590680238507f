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
      answer = Buffer.concat([answer, chunk]);
      const value = read(answer);
      if (value !== undefined) settle({ value });
      else if (answer.length > LONGEST_ANSWER) settle({ none: "too-long" });
    });
    socket.write(bytes);
  });
}
