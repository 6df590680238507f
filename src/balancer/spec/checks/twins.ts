import { parseEndpoint } from "../../../domain/endpoint.ts";
import { type Addresses, type Twin, withoutTwins } from "../../../domain/twins.ts";
import type { Warning } from "../../../domain/warning.ts";
import { balancerWarning } from "../../../messages/warnings/balancer.ts";
import type { BackendSpec } from "../backend.ts";
import type { BalancerSpec, ListenerSpec } from "../spec.ts";

/**
 * The specification with each Impalad once per listener, and a warning for each that was there again: it would get
 * twice its share, and twice the connections that it can serve.
 * @param addresses as for {@link withoutTwins}
 */
export function withEachImpaladOnce(
  spec: BalancerSpec,
  addresses?: Addresses,
): { spec: BalancerSpec; warnings: Warning[] } {
  const warnings: Warning[] = [];
  const listeners = spec.listeners.map((listener): ListenerSpec => {
    const { items, twins } = withoutTwins(
      listener.backends,
      ({ address }) => parseEndpoint(address),
      addresses,
    );
    warnings.push(...twins.map((twin) => twinWarning(listener.name, twin)));
    return twins.length === 0 ? listener : { ...listener, backends: items };
  });
  return { spec: warnings.length === 0 ? spec : { ...spec, listeners }, warnings };
}

function twinWarning(listener: string, { kept, dropped, address }: Twin<BackendSpec>): Warning {
  return balancerWarning("backend-twice", {
    listener,
    kept: `${kept.name} (${kept.address})`,
    dropped: `${dropped.name} (${dropped.address})`,
    address,
  });
}
