import type { FailureRecord } from "../../domain/failure-record.ts";
import type { BalancerStats } from "../stats/stats.ts";

/** One request per connection to the control socket: one line of JSON. */
export type ControlRequest =
  | { readonly command: "status" }
  /** `wait`: answer only when nothing uses the backend any more. */
  | { readonly command: "drain"; readonly backend: string; readonly wait?: boolean }
  | { readonly command: "ready"; readonly backend: string }
  | { readonly command: "reload" };

/** The answer: one line of JSON. */
export type ControlReply =
  | { readonly ok: true; readonly status: BalancerStats }
  | { readonly ok: false; readonly error: FailureRecord };

/** Longest request line, in bytes. */
export const LONGEST_REQUEST = 16 * 1024;

/** Reads a request; undefined when it is none. */
export function readRequest(line: string): ControlRequest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("command" in value)) return undefined;
  const { command } = value;
  if (command === "status" || command === "reload") return { command };
  const backend = "backend" in value ? value.backend : undefined;
  if (typeof backend !== "string") return undefined;
  if (command === "ready") return { command, backend };
  if (command !== "drain") return undefined;
  return { command, backend, wait: "wait" in value && value.wait === true };
}
