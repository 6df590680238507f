import * as v from "valibot";
import { FAILURE_KINDS } from "../../../domain/failure.ts";
import type { FailureRecord } from "../../../domain/failure-record.ts";
import type { BalancerStats } from "../../stats/stats.ts";

/** One request per connection to the control socket: one line of JSON. */
export type ControlRequest =
  | { readonly command: "status" }
  /** `wait`: answer only when nothing uses the backend any more. */
  | { readonly command: "drain"; readonly backend: string; readonly wait?: boolean }
  | { readonly command: "ready"; readonly backend: string }
  | { readonly command: "reload" };

/** The answer: one line of JSON. */
export type ControlReply =
  | {
      readonly ok: true;
      readonly status: BalancerStats;
      /** The status' English sentences in Japanese; older balancers know none. */
      readonly japanese?: Readonly<Record<string, string>>;
    }
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

const text = v.object({ en: v.string(), ja: v.string() });
const number = v.number();
const optionalNumber = v.exactOptional(number);

/** What is read of a status here: a balancer of another version may tell more. */
const reply = v.variant("ok", [
  v.object({
    ok: v.literal(true),
    status: v.looseObject({
      schema: v.literal(1),
      listeners: v.array(
        v.looseObject({
          name: v.string(),
          address: v.string(),
          balance: v.string(),
          connections: number,
          notes: v.array(v.string()),
          backends: v.array(
            v.looseObject({
              name: v.string(),
              address: v.string(),
              state: v.string(),
              since: v.string(),
              connections: number,
              queued: number,
              sessions: optionalNumber,
              operations: optionalNumber,
              lastCheck: v.nullable(v.looseObject({ verdict: v.string(), message: v.string() })),
            }),
          ),
        }),
      ),
    }),
    japanese: v.exactOptional(v.record(v.string(), v.string())),
  }),
  v.object({
    ok: v.literal(false),
    error: v.object({
      kind: v.picklist(FAILURE_KINDS),
      code: v.string(),
      message: v.string(),
      hint: v.exactOptional(v.string()),
      text: v.exactOptional(text),
      hintText: v.exactOptional(text),
    }),
  }),
]);

/** Reads an answer. @throws Error with what is wrong, in English: it is none */
export function readReply(line: string): ControlReply {
  // What is not looked at here is of the balancer's own version.
  return v.parse(reply, JSON.parse(line)) as ControlReply;
}
