import type { BackendView, ConnectFault } from "./contract.ts";
import type { Links } from "./links.ts";
import type { RouterServices } from "./services.ts";

/** For a call that any backend may answer: one that is connected already, else who would get the next session, else who can be reached. */
export function anyone(
  backends: readonly BackendView[],
  links: Links,
  services: RouterServices,
  tried: ReadonlySet<string>,
): BackendView | undefined {
  const left = backends.filter((each) => each.reachable && !tried.has(each.name));
  return (
    left.find((each) => links.get(each.name)?.broken === false) ?? services.choose(backends, tried) ?? left[0]
  );
}

/** The order in which backends are asked for the owner of a handle: those first that are connected already. */
export function askOrder(backends: readonly BackendView[], links: Links): string[] {
  const distance = (each: BackendView) => (links.get(each.name)?.broken === false ? 0 : 1);
  const reachable = backends.filter((each) => each.reachable);
  return reachable.sort((a, b) => distance(a) - distance(b)).map((each) => each.name);
}

/** HAProxy's two letters for a connection that ends because no backend could be connected to. */
export function terminationOf(fault: ConnectFault | undefined): string {
  if (fault?.reason === "timeout") return "sC";
  return fault?.reason === "queue-timeout" ? "sQ" : "SC";
}

/** For the log. A SASL message in a wrong place may hold a password: then only its status and length are shown. */
export function withoutCredentials(bytes: Buffer): Buffer {
  const status = bytes[0] ?? 0;
  return status >= 1 && status <= 5 ? bytes.subarray(0, 5) : bytes.subarray(0, 32);
}
