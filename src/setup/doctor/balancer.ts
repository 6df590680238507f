import { type Endpoint, formatEndpoint } from "../../domain/endpoint.ts";
import type { Finding } from "../../domain/finding.ts";
import { balancerFinding } from "../../messages/findings/balancer.ts";
import type { World } from "../world/world.ts";
import { examineBackends, readStatus } from "./backends.ts";
import { callThrough } from "./calls.ts";
import { examineSpread } from "./spread.ts";

/**
 * From Hue's point of view: does the balancer answer, are its backends up, do calls get through, and to whom?
 * @param socket the bundled balancer's control socket; nobody may answer there
 */
export async function examineBalancer(
  endpoint: Endpoint,
  socket: string,
  { network, balancer }: Pick<World, "network" | "balancer">,
): Promise<Finding[]> {
  const address = formatEndpoint(endpoint);
  if (!(await network.accepts(endpoint))) return [balancerFinding("nobody-listens", { address })];
  const listens = balancerFinding("balancer-listens", { address });

  const told = await readStatus(socket, balancer);
  if ("check" in told) return [listens, told, await callThrough(endpoint, 2, balancer)];

  const { status: before, inWords } = told;
  const backends = before.listeners.flatMap((listener) => listener.backends);
  const states = examineBackends(backends, inWords);
  if (states.some(({ check }) => check === "backends")) return [listens, ...states];

  const calls = Math.max(2, 2 * backends.length);
  const called = await callThrough(endpoint, calls, balancer);
  if (called.status !== "ok") return [listens, ...states, called];
  return [listens, ...states, called, await examineSpread(socket, before, calls, balancer)];
}
