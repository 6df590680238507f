import { readdirSync, readFileSync, statSync } from "node:fs";
import type { Warning } from "../../../domain/warning.ts";
import { balancerWarning } from "../../../messages/warnings/balancer.ts";
import type { BalancerSpec, ListenerSpec } from "../../spec/spec.ts";

/** Descriptors that the process needs besides connections: libraries, logs, admin, checks of a few backends. */
const RESERVE = 48;

/** The soft limit of open files of this process, or undefined where the system does not say (no /proc). */
export function descriptorLimit(): number | undefined {
  try {
    const match = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    if (match === null) return undefined;
    return match[1] === "unlimited" ? Number.POSITIVE_INFINITY : Number(match[1]);
  } catch {
    return undefined;
  }
}

/** Files open now; undefined where the system does not say. */
export function openDescriptors(): number | undefined {
  try {
    // Kernels since 6.2 tell the number as the folder's size; reading it takes long where there are thousands.
    return statSync("/proc/self/fd").size || readdirSync("/proc/self/fd").length;
  } catch {
    return undefined;
  }
}

/** Descriptors that one client connection may need: itself and one upstream, or (routed by session) one per backend. */
function descriptorsPerConnection(listener: ListenerSpec): number {
  return listener.balance === "session" ? 1 + listener.backends.length : 2;
}

export interface Budget {
  /** Connections that each listener may hold, by name. */
  readonly connections: ReadonlyMap<string, number>;
  /** Descriptors that the specification would need at most. */
  readonly needed: number;
  readonly limit: number | undefined;
}

/**
 * Shares the descriptors out among the listeners: each may hold what it asks for, or, where they do not suffice, its
 * proportional part. A balancer that runs out of descriptors could neither accept nor connect, so it must refuse in
 * time.
 */
export function descriptorBudget(spec: BalancerSpec, limit: number | undefined): Budget {
  const wants = spec.listeners.map((each) => each.maxConnections * descriptorsPerConnection(each));
  const checks = spec.listeners.reduce((sum, each) => sum + 2 * each.backends.length, 0);
  const fixed = RESERVE + checks + spec.listeners.length;
  const needed = fixed + wants.reduce((sum, each) => sum + each, 0);
  const share = limit === undefined || needed <= limit ? 1 : Math.max(0, limit - fixed) / (needed - fixed);
  const connections = new Map(
    spec.listeners.map((each) => [each.name, Math.max(1, Math.floor(each.maxConnections * share))] as const),
  );
  return { connections, needed, limit };
}

/** A warning for each listener that gets fewer connections than it asks for. */
export function descriptorWarnings(
  spec: BalancerSpec,
  { connections, needed, limit = 0 }: Budget,
): Warning[] {
  return spec.listeners
    .map(({ name, maxConnections }) => ({
      listener: name,
      allowed: connections.get(name) ?? 0,
      wanted: maxConnections,
    }))
    .filter(({ allowed, wanted }) => allowed < wanted)
    .map((few) => balancerWarning("descriptors", { ...few, needed, limit }));
}
