import * as v from "valibot";
import { parseCidr } from "../../domain/cidr.ts";
import { parseEndpoint } from "../../domain/endpoint.ts";
import { Failure } from "../../domain/failure.ts";
import { nearest } from "../../domain/nearest.ts";
import type { BalancerSpec } from "./spec.ts";

/** Thirty days: longer waits are mistakes of unit (milliseconds for seconds). */
const LONGEST = 30 * 86_400;

const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(LONGEST));
const moreThanZero = v.pipe(v.number(), v.gtValue(0), v.maxValue(LONGEST));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000));
const atLeastOne = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_.:-]{1,63}$/, "must be 1 to 63 letters, digits or one of _ . : -"),
);
const endpoint = v.pipe(v.string(), v.check(readable(parseEndpoint), "must be HOST:PORT"));
const backendEndpoint = v.pipe(
  endpoint,
  v.check((text) => !text.endsWith(":0"), "must have a port other than 0"),
);
const network = v.pipe(v.string(), v.check(readable(parseCidr), "must be a network like 10.0.0.0/8"));

const backend = v.strictObject({
  name,
  address: backendEndpoint,
  weight: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(256)), 1),
  maxConnections: v.optional(count, 0),
  backup: v.optional(v.boolean(), false),
});

const health = v.strictObject({
  interval: v.optional(moreThanZero, 2),
  timeout: v.optional(moreThanZero, 2),
  fastInterval: v.exactOptional(moreThanZero),
  fall: v.optional(atLeastOne, 3),
  rise: v.optional(atLeastOne, 2),
  http: v.exactOptional(
    v.strictObject({
      port: v.optional(port, 25_000),
      path: v.optional(v.pipe(v.string(), v.regex(/^\/[!-~]*$/, "must be a path like /healthz")), "/healthz"),
    }),
  ),
  hiveserver2: v.exactOptional(v.strictObject({ user: v.optional(v.string(), "hue-impala-setup") })),
});

const timeouts = v.strictObject({
  connect: v.optional(moreThanZero, 4),
  client: v.optional(moreThanZero, 43_200),
  server: v.optional(moreThanZero, 43_200),
  halfClosed: v.optional(moreThanZero, 30),
  queue: v.optional(moreThanZero, 30),
  firstByte: v.optional(seconds, 0),
});

const stickiness = v.strictObject({
  expire: v.optional(moreThanZero, 43_200),
  size: v.optional(v.pipe(count, v.minValue(1)), 100_000),
});

const proxyProtocol = v.strictObject({
  from: v.pipe(v.array(network), v.minLength(1, "must name at least one network")),
  timeout: v.optional(moreThanZero, 5),
});

const listener = v.strictObject({
  name,
  bind: endpoint,
  balance: v.optional(v.picklist(["session", "source", "leastconn", "roundrobin", "first"]), "session"),
  backends: v.pipe(v.array(backend), v.minLength(1, "must name at least one backend")),
  health: v.optional(health, {}),
  timeouts: v.optional(timeouts, {}),
  retries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)), 3),
  slowStart: v.optional(seconds, 60),
  endBackupOnRecovery: v.optional(v.boolean(), false),
  proxyProtocol: v.exactOptional(proxyProtocol),
  allow: v.optional(v.array(network), []),
  maxConnections: v.optional(v.pipe(count, v.minValue(1)), 1000),
  maxConnectionsPerSource: v.optional(count, 0),
  stickiness: v.optional(stickiness, {}),
  keepAlive: v.optional(seconds, 30),
});

const spec = v.strictObject({
  version: v.literal(1),
  listeners: v.pipe(v.array(listener), v.minLength(1, "must have at least one listener")),
  admin: v.exactOptional(
    v.strictObject({
      socket: v.exactOptional(v.pipe(v.string(), v.regex(/^\//, "must be an absolute path"))),
      http: v.exactOptional(endpoint),
    }),
  ),
  log: v.exactOptional(
    v.strictObject({
      format: v.optional(v.picklist(["text", "json"]), "text"),
      level: v.optional(v.picklist(["debug", "info", "warning", "error"]), "info"),
    }),
  ),
});

/** The specification as people write it: everything with a default may be left out. */
export type BalancerSpecInput = v.InferInput<typeof spec>;

/**
 * Validates a balancer specification (parsed JSON) and fills in the defaults. All times are seconds.
 * @param where names the document in messages, for example its path
 * @throws Failure `settings`, code `bad-spec`: every fault in one message, unknown keys with the nearest known one
 */
export function parseSpec(value: unknown, where = "balancer specification"): BalancerSpec {
  const result = v.safeParse(spec, value);
  const faults = result.success ? duplicates(result.output) : result.issues.map(describe);
  if (!result.success || faults.length > 0) {
    throw new Failure(
      "settings",
      "bad-spec",
      `${where}: ${faults.join("; ")}`,
      "see docs/balancer.md for every key",
    );
  }
  return result.output;
}

/**
 * Reads a specification from JSON text.
 * @throws Failure `unparsable`, code `bad-json` with line and column; `settings`, code `bad-spec`
 */
export function parseSpecText(text: string, where = "balancer specification"): BalancerSpec {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Failure("unparsable", "bad-json", `${where}${position(text, message)}: not JSON: ${message}`);
  }
  return parseSpec(value, where);
}

function position(text: string, message: string): string {
  const match = /position (\d+)/.exec(message);
  if (match === null) return "";
  const before = text.slice(0, Number(match[1])).split("\n");
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

function readable(read: (text: string) => unknown): (text: string) => boolean {
  return (text) => {
    try {
      read(text);
      return true;
    } catch {
      return false;
    }
  };
}

function describe(issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const place = path.length === 0 ? "the document" : path.join(".");
  if (issue.type === "strict_object" && issue.expected === "never") {
    const word = path.at(-1) ?? "";
    const near = nearest(word, knownKeys(issue));
    return `unknown key ${place}${near === undefined ? "" : ` (did you mean "${near}"?)`}`;
  }
  if (issue.received === "undefined") return `${place} is missing`;
  if (issue.message.startsWith("must ")) return `${place} ${issue.message} (it is ${issue.received})`;
  return `${place} is ${issue.received}, expected ${issue.requirement === undefined ? issue.expected : limits(issue)}`;
}

function limits(issue: v.BaseIssue<unknown>): string {
  return issue.expected ?? String(issue.requirement);
}

/** The keys of the object schema in which valibot met an unknown key. */
function knownKeys(issue: v.BaseIssue<unknown>): string[] {
  let entries: unknown = spec;
  for (const item of (issue.path ?? []).slice(0, -1)) entries = childSchema(entries, String(item.key));
  const unwrapped = unwrap(entries);
  return hasEntries(unwrapped) ? Object.keys(unwrapped.entries) : [];
}

function childSchema(schema: unknown, key: string): unknown {
  const inner = unwrap(schema);
  if (hasEntries(inner)) return inner.entries[key];
  if (typeof inner === "object" && inner !== null && "item" in inner) return inner.item;
  return undefined;
}

function unwrap(schema: unknown): unknown {
  let current = schema;
  while (typeof current === "object" && current !== null && "wrapped" in current) current = current.wrapped;
  return current;
}

function hasEntries(schema: unknown): schema is { entries: Record<string, unknown> } {
  return typeof schema === "object" && schema !== null && "entries" in schema;
}

/** Names must be unique: they are how people and metrics tell listeners and backends apart. */
function duplicates(parsed: BalancerSpec): string[] {
  const faults = repeated(parsed.listeners.map((each) => each.name)).map(
    (each) => `two listeners are named "${each}"`,
  );
  for (const each of parsed.listeners) {
    for (const again of repeated(each.backends.map((one) => one.name))) {
      faults.push(`two backends of listener "${each.name}" are named "${again}"`);
    }
  }
  return faults;
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((each, index) => names.indexOf(each) !== index))];
}
