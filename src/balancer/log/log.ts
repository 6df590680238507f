import { visible } from "../../domain/words/visible.ts";
import type { LogSpec } from "../spec/spec.ts";

export type LogLevel = LogSpec["level"];
/** Further facts of a log line, for the JSON form; never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** syslog severities, as journald reads them from `<N>` prefixes (sd-daemon(3)). */
const SEVERITY: Readonly<Record<LogLevel, number>> = { debug: 7, info: 6, warning: 4, error: 3 };

export interface LogOptions extends Partial<LogSpec> {
  /** Where finished text goes; several lines at once. Default: standard error. */
  readonly write?: (text: string) => void;
  /** Put `<N>` before each line; default: when systemd connects our standard error to the journal. */
  readonly journal?: boolean;
  /** Time of day; injected for tests. */
  readonly date?: () => Date;
}

/**
 * Lines for people (text) or machines (one JSON object per line). Lines of one turn of the event loop are written
 * together.
 */
export class Log {
  readonly format: LogSpec["format"];
  #severity: number;
  readonly #write: (text: string) => void;
  readonly #journal: boolean;
  readonly #date: () => Date;
  #lines: string[] = [];

  constructor(options: LogOptions = {}) {
    this.format = options.format ?? "text";
    this.#severity = SEVERITY[options.level ?? "info"];
    this.#write = options.write ?? ((text) => void process.stderr.write(text));
    this.#journal = options.journal ?? process.env["JOURNAL_STREAM"] !== undefined;
    this.#date = options.date ?? (() => new Date());
  }

  setLevel(level: LogLevel): void {
    this.#severity = SEVERITY[level];
  }

  enabled(level: LogLevel): boolean {
    return SEVERITY[level] <= this.#severity;
  }

  /** @param event stable English name, kebab-case; `message` is for people */
  line(level: LogLevel, event: string, message: string, fields?: LogFields): void {
    if (!this.enabled(level)) return;
    const prefix = this.#journal ? `<${SEVERITY[level]}>` : "";
    this.#lines.push(`${prefix}${this.#render(level, event, message, fields)}\n`);
    if (this.#lines.length === 1) setImmediate(() => this.flush());
    else if (this.#lines.length >= 1000) this.flush();
  }

  debug(event: string, message: string, fields?: LogFields): void {
    this.line("debug", event, message, fields);
  }

  info(event: string, message: string, fields?: LogFields): void {
    this.line("info", event, message, fields);
  }

  warning(event: string, message: string, fields?: LogFields): void {
    this.line("warning", event, message, fields);
  }

  error(event: string, message: string, fields?: LogFields): void {
    this.line("error", event, message, fields);
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    const text = this.#lines.join("");
    this.#lines = [];
    this.#write(text);
  }

  #render(level: LogLevel, event: string, message: string, fields: LogFields | undefined): string {
    // A message cannot forge a second line or move the cursor of whoever reads the log.
    const shown = visible(message);
    if (this.format === "json") {
      return JSON.stringify({ time: this.#date().toISOString(), level, event, message: shown, ...fields });
    }
    return level === "info" || this.#journal ? shown : `${level}: ${shown}`;
  }
}
