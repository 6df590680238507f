import { connect, type Socket } from "node:net";
import { control } from "../../balancer/admin/control.ts";
import { openAndCloseSession } from "../../balancer/backends/health/hiveserver2-check.ts";
import type { BackendStats, BalancerStats } from "../../balancer/stats/stats.ts";
import { type Endpoint, formatEndpoint } from "../../domain/endpoint.ts";
import { Failure } from "../../domain/failure.ts";
import { accepts } from "../world/services.ts";
import type { Finding } from "./finding.ts";

/** Seconds for each HiveServer2 call. */
const PATIENCE = 10;
const USER = "hue-impala-setup";

/** From Hue's point of view: does the balancer answer, are its backends up, do calls get through, and to whom? */
export async function examineBalancer(endpoint: Endpoint, socket: string): Promise<Finding[]> {
  const address = formatEndpoint(endpoint);
  if (!(await accepts(endpoint))) {
    return [
      {
        check: "balancer-listens",
        status: "problem",
        message: `nobody accepts connections on ${address}, where Hue connects`,
        remedy:
          "start the balancer: systemctl start hue-impala-setup-balancer, or hue-impala-setup balancer run",
      },
    ];
  }
  const findings: Finding[] = [
    { check: "balancer-listens", status: "ok", message: `${address} accepts connections` },
  ];
  const before = await statusOf(socket, findings);
  const backends = before?.listeners.flatMap((listener) => listener.backends) ?? [];
  findings.push(...backends.map(backendFinding));
  if (before !== undefined && !backends.some(isUp)) {
    const remedy =
      "look at the Impalads; hue-impala-setup discover tells what Cloudera Manager knows of them";
    findings.push({
      check: "backends",
      status: "problem",
      message: "no backend is up: no query gets through",
      remedy,
    });
    return findings;
  }
  const calls = Math.max(2, 2 * backends.length);
  const reached = await callThrough(endpoint, calls, findings);
  if (reached && before !== undefined) findings.push(await spread(socket, before, calls));
  return findings;
}

async function statusOf(socket: string, findings: Finding[]): Promise<BalancerStats | undefined> {
  try {
    return await control(socket, { command: "status" });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    findings.push({
      check: "balancer-status",
      status: "skipped",
      message: `${error.message}: it may be another balancer`,
    });
    return undefined;
  }
}

function isUp({ state }: BackendStats): boolean {
  return /^up$/i.test(state);
}

function backendFinding(backend: BackendStats): Finding {
  const { name, address, state, lastCheck } = backend;
  const message = `${name} (${address}) is ${state}${lastCheck === null ? "" : `: ${lastCheck.message}`}`;
  if (isUp(backend)) return { check: "backend", status: "ok", message };
  return {
    check: "backend",
    status: "warning",
    message,
    remedy: "look at this Impalad; the balancer goes on without it",
  };
}

async function callThrough(endpoint: Endpoint, calls: number, findings: Finding[]): Promise<boolean> {
  for (let call = 0; call < calls; call++) {
    const { outcome, message } = await oneCall(endpoint);
    if (outcome === "good") continue;
    findings.push(
      outcome === "unusable"
        ? {
            check: "hiveserver2",
            status: "skipped",
            message: `${message} (with SASL or TLS only Hue itself can tell)`,
          }
        : {
            check: "hiveserver2",
            status: "problem",
            message,
            remedy: "look at the Impalads and at the balancer's log",
          },
    );
    return false;
  }
  findings.push({
    check: "hiveserver2",
    status: "ok",
    message: `${calls} HiveServer2 sessions opened and closed through the balancer`,
  });
  return true;
}

async function oneCall(endpoint: Endpoint): Promise<{ outcome: string; message: string }> {
  let socket: Socket | undefined;
  try {
    socket = await connected(endpoint);
    return await openAndCloseSession(socket, USER, PATIENCE);
  } catch (error) {
    return { outcome: "failed", message: error instanceof Error ? error.message : String(error) };
  } finally {
    socket?.destroy();
  }
}

function connected(endpoint: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(endpoint, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Which backends got one of our calls. */
async function spread(socket: string, before: BalancerStats, calls: number): Promise<Finding> {
  const after = await control(socket, { command: "status" });
  const totals = (stats: BalancerStats) =>
    new Map(
      stats.listeners.flatMap(({ backends }) => backends.map(({ name, total }) => [name, total] as const)),
    );
  const earlier = totals(before);
  const reached = [...totals(after)]
    .filter(([name, total]) => total > (earlier.get(name) ?? 0))
    .map(([name]) => name);
  const message = `${calls} sessions reached ${reached.length} of ${earlier.size} backends: ${reached.join(", ")}`;
  if (reached.length > 1 || earlier.size === 1) return { check: "spread", status: "ok", message };
  return {
    check: "spread",
    status: "warning",
    message,
    remedy: "with balance source one Hue host uses one Impalad; balance session spreads its sessions",
  };
}
