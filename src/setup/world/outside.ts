import type { Warning } from "../../domain/warning.ts";

/** What a run gets from the process it runs in. Tests make their own. */
export interface Outside {
  readonly environment: NodeJS.ProcessEnv;
  /** How this program is started, absolute: for the systemd unit. */
  readonly command: readonly string[];
  /** Version of this program. */
  readonly version: string;
  /** All of standard input, read once. */
  standardInput(): Promise<string>;
  now(): Date;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Says what is being waited for; a line on a terminal, nothing or a plain line elsewhere. */
  progress(text: string): void;
  /** Shown at once, and again with the result. */
  warn(warning: Warning): void;
}
