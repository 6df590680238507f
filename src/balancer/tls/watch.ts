import { stateOf } from "./files.ts";

/**
 * Looks again and again whether files have been replaced or changed. Asking works on every file system and for files
 * that are replaced with their folders. A change is told once two looks have seen the same, so that of a certificate
 * and its key both are there.
 */
export class FileWatch {
  readonly #files: readonly string[];
  readonly #changed: () => Promise<void>;
  readonly #timer: NodeJS.Timeout;
  /** The state that is in use, and what the last look saw. */
  #known: string | undefined;
  #seen: string | undefined;
  #looking = false;
  #stopped = false;

  /** @param interval milliseconds */
  constructor(files: readonly string[], interval: number, changed: () => Promise<void>) {
    this.#files = files;
    this.#changed = changed;
    this.#timer = setInterval(() => void this.#look(), interval);
    this.#timer.unref();
    void this.#look();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const state = await stateOf(this.#files);
      const settled = state === this.#seen;
      this.#seen = state;
      this.#known ??= state;
      if (this.#stopped || !settled || state === this.#known) return;
      this.#known = state;
      await this.#changed();
    } finally {
      this.#looking = false;
    }
  }
}
