import type { Kerberos } from "../gssapi/kerberos.ts";
import type { ListenerSpec } from "../spec/spec.ts";
import type { Shared } from "./shared.ts";

/**
 * What a listener has of Kerberos by its specification; one that has not changed is kept, with its tickets.
 * @throws Failure `settings` or `auth`: something of it is not there
 */
export async function kerberosFor(
  listener: ListenerSpec,
  shared: Pick<Shared, "log" | "clock">,
  before?: Kerberos,
): Promise<Kerberos | undefined> {
  const { kerberos: spec } = listener;
  if (spec === undefined) return undefined;
  if (before !== undefined && JSON.stringify(before.spec) === JSON.stringify(spec)) return before;
  // Loaded only where it is configured: nothing else needs koffi and the system's library.
  const { Kerberos } = await import("../gssapi/kerberos.ts");
  return await Kerberos.of(listener, spec, {
    clock: shared.clock,
    warn: (line) => shared.log.warning("kerberos", line),
  });
}
