import { formatEndpoint } from "../../domain/endpoint.ts";
import { Failure } from "../../domain/failure.ts";
import { runFailure } from "../../messages/failures/run.ts";
import { applyFailure } from "../../messages/failures/setup/apply.ts";
import { planFailure } from "../../messages/failures/setup/plan.ts";
import type { ServiceChange } from "../plan/change.ts";
import type { World } from "../world/world.ts";

/** Seconds until a started balancer must accept connections and have an Impalad that answers its checks. */
const READY_WITHIN = 30;
/** Milliseconds between two looks. */
const POLL = 100;

/**
 * Waits until the service of a change does its work: somebody accepts connections, and the bundled balancer (which can
 * be asked) has a backend that has passed a check. Only then may Hue be pointed at it.
 * @param within seconds
 * @throws Failure `failed`: `balancer-silent`, `no-backend-up`; `interrupted`
 */
export async function untilReady(
  change: ServiceChange,
  { network, balancer, signal }: Pick<World, "network" | "balancer" | "signal">,
  within = READY_WITHIN,
): Promise<void> {
  const { ready, controlSocket, target } = change;
  if (ready === undefined) return;
  const deadline = Date.now() + within * 1000;
  await until(
    () => network.accepts(ready),
    deadline,
    signal,
    () => planFailure("balancer-silent", { unit: target, address: formatEndpoint(ready), seconds: within }),
  );
  if (controlSocket === undefined) return;
  // systemd's socket accepts before the balancer does, so that alone proves nothing.
  await until(
    () => servesSomebody(controlSocket, balancer),
    deadline,
    signal,
    () => applyFailure("no-backend-up", { unit: target, seconds: within }),
  );
}

async function servesSomebody(socket: string, balancer: World["balancer"]): Promise<boolean> {
  try {
    const { status } = await balancer.status(socket);
    return status.listeners.every(({ backends }) =>
      backends.some(({ state, checks }) => state === "up" && checks.good > 0),
    );
  } catch (error) {
    // Not there yet, or busy starting.
    if (error instanceof Failure && error.kind === "unreachable") return false;
    throw error;
  }
}

async function until(
  holds: () => Promise<boolean>,
  deadline: number,
  signal: AbortSignal,
  failure: () => Failure,
): Promise<void> {
  while (!(await holds())) {
    if (signal.aborted) throw runFailure("interrupted");
    if (Date.now() > deadline) throw failure();
    await new Promise((wake) => setTimeout(wake, POLL));
  }
}
