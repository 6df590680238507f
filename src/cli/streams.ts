import type { Readable, Writable } from "node:stream";
import { Chalk, type ChalkInstance } from "chalk";

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

/** All of a stream as text. */
export async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
