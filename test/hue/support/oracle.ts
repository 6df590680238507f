import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** ConfigObj's verdict: the tree, or every problem as [class, line, message] (the line is null for decoding errors). */
export type Verdict =
  | { readonly tree: unknown; readonly problems?: never }
  | { readonly tree?: never; readonly problems: readonly [string, number | null, string][] };

/** One value as ConfigObj hands it out: path, the interpolated value or null, the class of the error or null. */
export type ReadValue = [string[], unknown, string | null];

/** The real ConfigObj in one long-lived Python process. */
export class Oracle {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterableIterator<string>;

  constructor() {
    const script = fileURLToPath(new URL("oracle.py", import.meta.url));
    this.#child = spawn("/usr/bin/python3", [script], { stdio: "pipe" });
    this.#child.stderr.pipe(process.stderr);
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  parse(documents: readonly Uint8Array[]): Promise<Verdict[]> {
    return this.#ask("parse", documents);
  }

  read(documents: readonly Uint8Array[]): Promise<ReadValue[][]> {
    return this.#ask("read", documents);
  }

  async close(): Promise<void> {
    const exited = once(this.#child, "exit");
    this.#child.stdin.end();
    await exited;
  }

  async #ask<T>(action: string, documents: readonly Uint8Array[]): Promise<T[]> {
    const encoded = documents.map((document) => Buffer.from(document).toString("base64"));
    this.#child.stdin.write(`${JSON.stringify({ action, documents: encoded })}\n`);
    const answer = await this.#answers.next();
    if (answer.done === true) throw new Error("the ConfigObj process has ended");
    return JSON.parse(answer.value) as T[];
  }
}
