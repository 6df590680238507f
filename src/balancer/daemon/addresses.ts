import { formatEndpoint, isWildcard, parseEndpoint } from "../../domain/endpoint.ts";
import type { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { balancerCheckFailure, LISTENING } from "../../messages/failures/balancer/check.ts";
import { listeningFailure } from "../../messages/failures/listening.ts";
import { portHolders } from "../../system/network/port-holders.ts";
import { listenFault } from "../../system/network/ports.ts";
import { control } from "../admin/control/control.ts";
import type { BalancerSpec } from "../spec/spec.ts";

/** A listener, or the admin pages, and where it wants to listen. */
interface Place {
  readonly owner: Text;
  readonly bind: string;
}

function places(spec: BalancerSpec): Place[] {
  const all: Place[] = spec.listeners.map(({ name, bind }) => ({ owner: LISTENING.listener(name), bind }));
  if (spec.admin?.http !== undefined) all.push({ owner: LISTENING.admin, bind: spec.admin.http });
  return all;
}

/** With SO_REUSEPORT, as HAProxy uses it, both would start and the kernel would split the connections between them. */
export function sameAddress(spec: BalancerSpec): Failure[] {
  const faults: Failure[] = [];
  const all = places(spec);
  all.forEach((one, index) => {
    const a = parseEndpoint(one.bind);
    for (const other of all.slice(index + 1)) {
      const b = parseEndpoint(other.bind);
      if (a.port === 0 || a.port !== b.port) continue;
      if (a.host !== b.host && !isWildcard(a.host) && !isWildcard(b.host)) continue;
      const { owner, bind } = one;
      faults.push(
        balancerCheckFailure("same-address", { one: owner, bind, other: other.owner, otherBind: other.bind }),
      );
    }
  });
  return faults;
}

/** Addresses that this host cannot listen on. Those that a running balancer or systemd holds for us are not in use. */
export async function unusableAddresses(spec: BalancerSpec): Promise<Failure[]> {
  const ours = await heldByUs(spec);
  const faults: Failure[] = [];
  for (const { owner, bind } of places(spec)) {
    const endpoint = parseEndpoint(bind);
    const fault = await listenFault(endpoint);
    if (fault === undefined) continue;
    const held =
      ours.has(formatEndpoint(endpoint)) || portHolders(endpoint.port).some((each) => each.pid === 1);
    if (fault.code === "in-use" && held) continue;
    const values = { who: owner, reason: fault.text, remedy: fault.hintText };
    faults.push(listeningFailure(`address-${fault.code}`, values));
  }
  return faults;
}

/** The addresses of a balancer that runs with this specification's control socket. */
async function heldByUs(spec: BalancerSpec): Promise<ReadonlySet<string>> {
  const socket = spec.admin?.socket;
  if (socket === undefined) return new Set();
  try {
    const status = await control(socket, { command: "status" }, { timeout: 2 });
    const admin = spec.admin?.http;
    return new Set([
      ...status.listeners.map((each) => each.address),
      ...(admin === undefined ? [] : [admin]),
    ]);
  } catch {
    return new Set();
  }
}
