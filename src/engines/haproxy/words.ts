import { parseCidr } from "../../domain/cidr.ts";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import { engineFailure } from "../../messages/failures/engines.ts";

/** Longest time HAProxy accepts: a signed 32-bit number of milliseconds, 24.8 days. */
const LONGEST_MS = 2_147_483_647;

/**
 * Seconds as HAProxy writes times: the largest unit that divides them (`12h`, `90s`, `250ms`).
 * @throws Failure `settings`, code `haproxy-time` beyond 24.8 days, which HAProxy refuses
 */
export function haproxyTime(seconds: number, what: Text): string {
  const ms = Math.max(1, Math.round(seconds * 1000));
  if (!(ms <= LONGEST_MS)) {
    throw engineFailure("haproxy-time", { what, seconds });
  }
  if (ms % 1000 !== 0) return `${ms}ms`;
  const whole = ms / 1000;
  if (whole % 3600 === 0) return `${whole / 3600}h`;
  if (whole % 60 === 0 && whole > 60) return `${whole / 60}m`;
  return `${whole}s`;
}

/**
 * Gives out names that HAProxy accepts (letters, digits, `-`, `_`, `.`, `:`) and that differ from all given out before:
 * HAProxy refuses a duplicate proxy or server name.
 */
export function safeNames(taken: readonly string[] = []): (name: string) => string {
  const used = new Set(taken);
  return (name) => {
    const base = name.replaceAll(/[^A-Za-z0-9._:-]/gu, "_").slice(0, 60) || "_";
    let unique = base;
    for (let n = 2; used.has(unique); n += 1) unique = `${base}_${n}`;
    used.add(unique);
    return unique;
  };
}

/** A HAProxy version, `2.6` or `2.6.12-1+deb12u4`, for comparison. */
export interface HaproxyVersion {
  readonly major: number;
  readonly minor: number;
}

/** @throws Failure `settings`, code `haproxy-version` when it is not a version or older than 1.8 */
export function haproxyVersion(text: string): HaproxyVersion {
  const match = /^v?(\d+)\.(\d+)/.exec(text.trim());
  const version = { major: Number(match?.[1]), minor: Number(match?.[2]) };
  if (match === null || !atLeast(version, 1, 8)) {
    throw engineFailure("haproxy-version", { version: text, known: match !== null });
  }
  return version;
}

export function atLeast(version: HaproxyVersion, major: number, minor: number): boolean {
  return version.major > major || (version.major === major && version.minor >= minor);
}

/**
 * `HOST:PORT` in HAProxy's spelling.
 * @throws Failure `settings`: `bad-endpoint`, `haproxy-zone`
 */
export function haproxyAddress(text: string, defaultPort?: number): string {
  return formatEndpoint(withoutZone(parseEndpoint(text, defaultPort)));
}

function withoutZone(endpoint: Endpoint): Endpoint {
  if (endpoint.host.includes("%")) throw engineFailure("haproxy-zone", { address: endpoint.host });
  return endpoint;
}

/**
 * A network in HAProxy's spelling, `10.0.0.0/8`.
 * @throws Failure `settings`: `bad-cidr`, `haproxy-zone`
 */
export function haproxyNetwork(text: string): string {
  const { address, prefix } = parseCidr(text);
  if (address.includes("%")) throw engineFailure("haproxy-zone", { address });
  return `${address}/${prefix}`;
}

/** One configuration line, indented, with an optional reason behind it. */
export function directive(text: string, why?: string): string {
  return why === undefined ? `    ${text}` : `    ${text.padEnd(44)}  # ${why}`;
}

/**
 * A word as HAProxy's configuration parser reads it back unchanged.
 * @throws Failure `settings`, code `haproxy-word`: lines end at line breaks, whatever stands before them
 */
export function quoted(word: string): string {
  if (/[\p{Cc}\p{Cs}]/u.test(word)) throw engineFailure("haproxy-word", { word: JSON.stringify(word) });
  return word.replaceAll(/[\s"'\\#$]/g, "\\$&");
}
