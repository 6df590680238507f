import type { Readable, Writable } from "node:stream";
import { Chalk, type ChalkInstance } from "chalk";
import { runFailure } from "../messages/failures/run.ts";
import { systemFailure } from "../messages/failures/system/system.ts";
import { textOf } from "../system/input-text.ts";

/** The program's three streams and what is known of them; tests build theirs from buffers. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
}

export type ColorChoice = "auto" | "always" | "never";

/**
 * Colours for one stream: `--color` beats NO_COLOR beats FORCE_COLOR and CLICOLOR_FORCE beats the terminal. chalk's own
 * detection is not used: it knows nothing of NO_COLOR.
 */
export function coloursFor(
  stream: { readonly isTTY?: boolean },
  choice: ColorChoice,
  environment: NodeJS.ProcessEnv,
): ChalkInstance {
  return new Chalk({ level: isColoured(stream, choice, environment) ? 1 : 0 });
}

function isColoured(
  stream: { readonly isTTY?: boolean },
  choice: ColorChoice,
  environment: NodeJS.ProcessEnv,
): boolean {
  if (choice !== "auto") return choice === "always";
  if (isOn(environment["NO_COLOR"])) return false;
  if (isOn(environment["FORCE_COLOR"]) || isOn(environment["CLICOLOR_FORCE"])) return true;
  return stream.isTTY === true && environment["TERM"] !== "dumb";
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0";
}

/** Bytes of standard input, as of any other input (system/files). */
const MOST_BYTES = 16 * 1024 * 1024;
const STANDARD_INPUT = { en: "standard input", ja: "標準入力" };

/**
 * All of a stream as text, which may be one that never ends.
 * @param signal ends the reading
 * @throws Failure `settings` `too-large`; `interrupted`
 */
export async function readAll(stream: Readable, signal?: AbortSignal): Promise<string> {
  const stop = (): void => void stream.destroy(runFailure("interrupted"));
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream) {
      chunks.push(Buffer.from(chunk));
      size += chunks.at(-1)?.length ?? 0;
      if (size > MOST_BYTES) {
        throw systemFailure("too-large", {
          what: STANDARD_INPUT,
          path: "<stdin>",
          size: undefined,
          most: MOST_BYTES,
        });
      }
    }
    return textOf(Buffer.concat(chunks), "<stdin>", STANDARD_INPUT);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
