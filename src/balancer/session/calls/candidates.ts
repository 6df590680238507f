import type { BackendView } from "../contract.ts";
import type { Links } from "../links/links.ts";
import type { SessionLoad } from "../load/session-load.ts";

/**
 * For a call that any backend may answer: one that is connected already, else who would get the next session, else who
 * can be reached.
 */
export function anyone(
  backends: readonly BackendView[],
  links: Links,
  load: SessionLoad,
  tried: ReadonlySet<string>,
): BackendView | undefined {
  const left = backends.filter((each) => each.reachable && !tried.has(each.name));
  return (
    left.find((each) => isConnected(links, each)) ??
    load.choose(backends, tried, links.full(backends)) ??
    left[0]
  );
}

/** One that can be reached and is connected already. */
export function connected(
  backends: readonly BackendView[],
  links: Links,
  tried: ReadonlySet<string>,
): BackendView | undefined {
  return backends.find((each) => each.reachable && !tried.has(each.name) && isConnected(links, each));
}

/** The order in which backends are asked for the owner of a handle: those first that are connected already. */
export function askOrder(backends: readonly BackendView[], links: Links): string[] {
  const reachable = backends.filter((each) => each.reachable);
  const near = reachable.filter((each) => isConnected(links, each));
  const far = reachable.filter((each) => !isConnected(links, each));
  return [...near, ...far].map((each) => each.name);
}

function isConnected(links: Links, backend: BackendView): boolean {
  return links.get(backend.name)?.broken === false;
}
