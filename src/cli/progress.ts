import type { Writable } from "node:stream";
import { visible } from "../domain/words/visible.ts";

/** Seconds between two lines where no terminal shows a moving one. */
const QUIET = 30;

/**
 * Says on standard error what is being waited for: one moving line on a terminal; elsewhere nothing for short work, and
 * a plain line at most every 30 seconds for long work (or each step with --verbose).
 */
export class Progress {
  readonly #stream: Writable & { readonly isTTY?: boolean };
  readonly #verbose: boolean;
  #spinner: { text: string; stop(): unknown; start(): unknown } | undefined;
  #begun = Date.now();
  #last = "";

  constructor(stream: Writable & { readonly isTTY?: boolean }, verbose: boolean) {
    this.#stream = stream;
    this.#verbose = verbose;
  }

  show(text: string): void {
    const line = visible(text);
    if (this.#stream.isTTY === true) {
      void this.#spin(line);
    } else if (this.#verbose ? line !== this.#last : Date.now() - this.#begun > QUIET * 1000) {
      this.#begun = Date.now();
      this.#stream.write(`${line}\n`);
    }
    this.#last = line;
  }

  /** Takes the moving line away; the next {@link show} brings it back. */
  stop(): void {
    this.#last = "";
    this.#begun = Date.now();
    this.#spinner?.stop();
    this.#spinner = undefined;
  }

  async #spin(text: string): Promise<void> {
    const { default: yoctoSpinner } = await import("yocto-spinner");
    // What was shown while the module was loading may be over by now.
    if (this.#last !== text) return;
    if (this.#spinner !== undefined) {
      this.#spinner.text = text;
      return;
    }
    // Its own handler of Ctrl-C would end the process at once, with nothing taken back.
    const stream = this.#stream as NodeJS.WriteStream;
    this.#spinner = yoctoSpinner({ text, stream, handleSignals: false });
    this.#spinner.start();
  }
}
