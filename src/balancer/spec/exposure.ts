import { isWildcard, parseEndpoint } from "../../domain/endpoint.ts";
import type { Warning } from "../../domain/warning.ts";
import { balancerWarning } from "../../messages/warnings/balancer.ts";
import type { ListenerSpec } from "./spec.ts";

/**
 * A warning for each listener on every address of the host that lets everybody in: nobody is asked for a password
 * there.
 */
export function exposureWarnings(
  listeners: readonly Pick<ListenerSpec, "name" | "bind" | "allow">[],
): Warning[] {
  return listeners
    .filter(({ bind, allow }) => allow.length === 0 && isWildcard(parseEndpoint(bind).host))
    .map(({ name, bind }) => balancerWarning("listens-everywhere", { listener: name, bind }));
}
