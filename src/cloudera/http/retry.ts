import { setTimeout as delay } from "node:timers/promises";
import { NetworkFault, type Reply } from "./transport.ts";

/** Time and chance, so that tests need neither. Milliseconds. */
export interface Pace {
  now(): number;
  /** Resolves after `ms`; rejects as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export const realPace: Pace = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
  random: () => Math.random(),
};

/** Sleeps `ms`; false when `signal` aborted the wait. */
export async function slept(pace: Pace, ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await pace.sleep(ms, signal);
    return signal?.aborted !== true;
  } catch {
    return false;
  }
}

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** First waiting time and its upper limit, milliseconds. */
  readonly base: number;
  readonly cap: number;
  /** The longest `Retry-After` that is waited for, milliseconds; a longer one ends the retries. */
  readonly longest: number;
}

export const RETRY: RetryPolicy = { attempts: 4, base: 500, cap: 8_000, longest: 60_000 };

/**
 * Statuses that mean "not now": too many requests, and a server that is starting or behind a proxy that cannot reach
 * it.
 */
const NOT_NOW = new Set([429, 502, 503, 504]);

/**
 * How long to wait before attempt `next` (2, 3, …), or undefined when the outcome is final.
 * Network faults, 429 and 502–504 are tried again; a time-out only once, since each costs the whole limit.
 */
export function waitBefore(
  next: number,
  outcome: Reply | NetworkFault,
  policy: RetryPolicy,
  pace: Pace,
): number | undefined {
  if (outcome instanceof NetworkFault) {
    if (!outcome.transient) return undefined;
    const attempts = outcome.code === "TIMEOUT" ? Math.min(2, policy.attempts) : policy.attempts;
    return next <= attempts ? backOff(next - 1, policy, pace.random()) : undefined;
  }
  if (!isNotNow(outcome) || next > policy.attempts) return undefined;
  const asked = retryAfter(outcome.headers["retry-after"], pace.now());
  if (asked === undefined) return backOff(next - 1, policy, pace.random());
  return asked <= policy.longest ? asked : undefined;
}

export function isNotNow(reply: Reply): boolean {
  return NOT_NOW.has(reply.status);
}

/** Exponential back-off with jitter: between half and all of `base`·2^(n-1), at most `cap`. `n` counts from 1. */
export function backOff(n: number, policy: RetryPolicy, random: number): number {
  const full = Math.min(policy.cap, policy.base * 2 ** (n - 1));
  return full / 2 + (full / 2) * random;
}

/** `Retry-After` in milliseconds from `now`: whole seconds or an HTTP date (RFC 9110 section 10.2.3). */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
