import { stripVTControlCharacters } from "node:util";
import { type IPty, spawn } from "@lydell/node-pty";
import { onTestFinished } from "vitest";
import { PROGRAM, plainEnvironment } from "../support/program.ts";

/** Keys as a terminal sends them. */
export const KEYS = {
  enter: "\r",
  space: " ",
  down: "\u001b[B",
  up: "\u001b[A",
  interrupt: "\u0003",
} as const;

const PATIENCE = 30_000;

/** The real program in a real (pseudo) terminal. */
export class Terminal {
  readonly #pty: IPty;
  readonly #ended: Promise<number>;
  #raw = "";
  #seen = 0;
  #onOutput: () => void = () => undefined;

  constructor(args: readonly string[], options: { env?: Record<string, string>; cwd: string }) {
    const environment = plainEnvironment({ TERM: "xterm-256color", ...options.env });
    this.#pty = spawn(process.execPath, [PROGRAM, ...args], {
      cols: 110,
      rows: 40,
      cwd: options.cwd,
      env: environment as Record<string, string>,
    });
    this.#pty.onData((data) => {
      this.#raw += data;
      this.#onOutput();
    });
    let over = false;
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        over = true;
        resolve(exitCode);
      });
    });
    onTestFinished(() => {
      if (!over) this.#pty.kill("SIGKILL");
    });
  }

  /** Everything shown so far, without control sequences. */
  get text(): string {
    return stripVTControlCharacters(this.#raw);
  }

  /** Everything as the terminal got it. */
  get raw(): string {
    return this.#raw;
  }

  /** Waits until a text appears after what was waited for last. @throws Error with the screen after 30 s */
  async see(wanted: string | RegExp): Promise<void> {
    const found = (): boolean => {
      const rest = this.text.slice(this.#seen);
      const index = typeof wanted === "string" ? rest.indexOf(wanted) : rest.search(wanted);
      if (index < 0) return false;
      this.#seen += index + 1;
      return true;
    };
    if (found()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`"${wanted}" did not appear:\n${this.text}`)),
        PATIENCE,
      );
      this.#onOutput = () => {
        if (!found()) return;
        clearTimeout(timer);
        this.#onOutput = () => undefined;
        resolve();
      };
    });
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  /** Waits for a question and answers it; "" takes what is suggested. */
  async answer(question: string | RegExp, text = ""): Promise<void> {
    await this.see(question);
    this.type(text + KEYS.enter);
  }

  /** The exit code, once the program has ended. */
  exit(): Promise<number> {
    return this.#ended;
  }
}
