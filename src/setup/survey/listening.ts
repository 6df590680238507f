import type { BalancerSpec } from "../../balancer/spec/spec.ts";
import { type Endpoint, parseEndpoint } from "../../domain/endpoint.ts";
import type { Failure } from "../../domain/failure.ts";
import { joinTexts, sameText } from "../../domain/text.ts";
import { listeningFailure, REUSE } from "../../messages/failures/listening.ts";
import type { Network } from "../world/network.ts";

/** The balancer as an earlier run set it up: what it may hold already. */
export interface EarlierBalancer {
  readonly ports: readonly number[];
  /** Its control socket. */
  readonly socket?: string;
}

/** What a specification says about the balancer that was started from it. */
export function earlierBalancer(spec: BalancerSpec | undefined): EarlierBalancer | undefined {
  if (spec === undefined) return undefined;
  const binds = spec.listeners.map(({ bind }) => bind);
  if (spec.admin?.http !== undefined) binds.push(spec.admin.http);
  const socket = spec.admin?.socket;
  return {
    ports: binds.map((bind) => parseEndpoint(bind).port),
    ...(socket === undefined ? {} : { socket }),
  };
}

/**
 * Why the balancer cannot listen where it is to: the address is not of this host, or another program holds the port.
 * Its own running instance is no reason. Changes nothing.
 * @param places each with the option that names it
 * @param unitActive its systemd unit runs
 */
export async function listenObstacle(
  places: readonly { readonly flag: string; readonly endpoint: Endpoint }[],
  earlier: EarlierBalancer | undefined,
  unitActive: boolean,
  network: Network,
): Promise<Failure | undefined> {
  for (const { flag, endpoint } of places) {
    const fault = await network.listenFault(endpoint);
    // The unit has the right to low ports, and whoever starts the balancer by hand is told by it.
    if (fault === undefined || fault.code === "denied") continue;
    if (fault.code === "in-use" && (await isOwn(endpoint.port, earlier, unitActive, network))) continue;
    const reuse = fault.code === "in-use" && flag === "--listen" ? [REUSE] : [];
    const remedies = [...(fault.hintText === undefined ? [] : [fault.hintText]), ...reuse];
    return listeningFailure(`listen-${fault.code}`, {
      who: sameText(flag),
      reason: fault.text,
      remedy: joinTexts(remedies, "; "),
    });
  }
  return undefined;
}

async function isOwn(
  port: number,
  earlier: EarlierBalancer | undefined,
  unitActive: boolean,
  network: Network,
): Promise<boolean> {
  if (earlier?.ports.includes(port) !== true) return false;
  // systemd holds the port of a socket unit.
  if (unitActive || network.portHolders(port).some(({ pid }) => pid === 1)) return true;
  return earlier.socket !== undefined && network.socketAnswers(earlier.socket);
}
