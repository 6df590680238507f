import { cpuSeconds, residentBytes } from "./cost.ts";
import { load, type Work } from "./load.ts";
import type { ProxyName, RunningProxy } from "./proxies.ts";

/** One row of the report: a work, how it is measured, and the goal. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Fresh processes for every measurement: memory only grows. */
  readonly fresh: boolean;
  readonly contenders: readonly ProxyName[];
  /** What the measured value is divided by: another proxy's value, or 1 for an absolute goal. */
  readonly against: ProxyName | "absolute";
  readonly goals: Partial<Record<ProxyName, number>>;
  measure(proxy: RunningProxy): Promise<number>;
}

const ALL: readonly ProxyName[] = [
  "ours",
  "ours, session",
  "HAProxy",
  "nginx stream",
  "pipe()",
  "node-tcp-proxy",
];

/** CPU seconds of the proxy per unit of work, the result scaled. */
function cpuPer(work: Work, scale: (units: number) => number): (proxy: RunningProxy) => Promise<number> {
  return async (proxy) => {
    const before = cpuSeconds(proxy.pid);
    const { result, end } = await load(proxy.port, work);
    const used = cpuSeconds(proxy.pid) - before;
    await end();
    return (used * 1e6) / scale(result.units);
  };
}

const MB = 1_000_000;

export const ROWS: readonly Row[] = [
  {
    id: "results",
    title: "1 MB results, 8 connections: CPU",
    unit: "µs/MB",
    fresh: false,
    contenders: ALL,
    against: "HAProxy",
    goals: { ours: 0.6 },
    measure: cpuPer({ kind: "calls", connections: 8, each: 100, size: MB }, (units) => units),
  },
  {
    id: "calls",
    title: "200 B call, 2 kB reply, 32 connections: CPU",
    unit: "µs/call",
    fresh: false,
    contenders: ALL,
    against: "HAProxy",
    goals: { ours: 1.25 },
    measure: cpuPer({ kind: "calls", connections: 32, each: 800, size: 2000 }, (units) => units),
  },
  {
    id: "latency",
    title: "the same, 1 connection: median latency",
    unit: "µs",
    fresh: false,
    contenders: ALL,
    against: "HAProxy",
    goals: { ours: 1.2 },
    async measure(proxy) {
      const { result, end } = await load(proxy.port, {
        kind: "calls",
        connections: 1,
        each: 5000,
        size: 2000,
      });
      await end();
      return (result.medianMs ?? Number.NaN) * 1000;
    },
  },
  {
    id: "connects",
    title: "connect, one call, close: CPU",
    unit: "µs/connection",
    fresh: false,
    contenders: ALL,
    against: "HAProxy",
    goals: { ours: 4 },
    measure: cpuPer({ kind: "connects", count: 3000, parallel: 32 }, (units) => units),
  },
  {
    id: "session-calls",
    title: "session relay against our leastconn relay: CPU per call",
    unit: "µs/call",
    fresh: false,
    contenders: ["ours", "ours, session"],
    against: "ours",
    goals: { "ours, session": 1.6 },
    measure: cpuPer({ kind: "calls", connections: 32, each: 800, size: 2000 }, (units) => units),
  },
  {
    id: "session-results",
    title: "session relay against our leastconn relay: CPU per MB of 1 MB results",
    unit: "µs/MB",
    fresh: false,
    contenders: ["ours", "ours, session"],
    against: "ours",
    goals: { "ours, session": 1.1 },
    measure: cpuPer({ kind: "calls", connections: 8, each: 100, size: MB }, (units) => units),
  },
  {
    id: "idle",
    title: "5,000 idle connections: resident memory of each",
    unit: "kB",
    fresh: true,
    // The session relay reserves a descriptor for every backend of a connection, 20,000 for 5,000 connections.
    contenders: ALL.filter((name) => name !== "ours, session"),
    against: "absolute",
    goals: { ours: 10 },
    async measure(proxy) {
      const count = 5000;
      const before = residentBytes(proxy.pid);
      const { end } = await load(proxy.port, { kind: "hold", count });
      const after = residentBytes(proxy.pid);
      await end();
      return (after - before) / count / 1000;
    },
  },
  {
    id: "stalled",
    title: "20 clients that do not read, 6 s: growth",
    unit: "MB",
    fresh: true,
    contenders: ALL,
    against: "absolute",
    goals: { ours: 20 },
    async measure(proxy) {
      const before = residentBytes(proxy.pid);
      const { end } = await load(proxy.port, { kind: "stall", count: 20, size: MB });
      const until = performance.now() + 6000;
      let most = 0;
      // A proxy without back-pressure would fill the machine: enough is known at 2 GB.
      while (performance.now() < until && most < 2e9) {
        most = Math.max(most, residentBytes(proxy.pid) - before);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await end();
      return most / MB;
    },
  },
];
