import type { ListenerSpec } from "../../balancer/spec/spec.ts";
import { advise, isAddress } from "../../cloudera/discovery/advice.ts";
import type { Finding } from "../../domain/finding.ts";
import type { EffectiveImpala, HueSecurity } from "../../hue/effective.ts";
import { hueFinding } from "../../messages/findings/hue.ts";
import { isSecured, securityFacts } from "../survey/security-facts.ts";
import type { World } from "../world/world.ts";
import { hueEndpoint } from "./settings.ts";
import { fromFailure, fromWarning } from "./told.ts";

/** What of Kerberos the bundled balancer is an end of, by its specification. */
export function takesPart(listener: ListenerSpec | undefined): boolean {
  return listener?.kerberos !== undefined;
}

/** Whether what Hue connects to can have the key and the certificate of the name that Hue uses for it. */
export async function examineSecurity(
  security: HueSecurity,
  effect: EffectiveImpala,
  listener: ListenerSpec | undefined,
  { network }: Pick<World, "network">,
): Promise<Finding[]> {
  const facts = securityFacts(undefined, security);
  const serverHost = hueEndpoint(effect)?.host;
  if (!isSecured(facts) || serverHost === undefined) return [];
  const kerberosEnd = takesPart(listener);
  const { refusals, warnings } = advise(facts, "", { serverHost, hostGiven: true, kerberosEnd });
  const told = [...refusals.map(fromFailure), ...warnings.map(fromWarning)];
  return isAddress(serverHost)
    ? told
    : [...told, ...(await examineName(serverHost, facts.kerberos, network))];
}

/** Kerberos libraries look a name up, and then the name of the address that they find. */
async function examineName(
  host: string,
  kerberos: boolean | null,
  network: World["network"],
): Promise<Finding[]> {
  const { address, reverse } = await network.bothWays(host);
  if (address === undefined) return [hueFinding("server-host-unresolved", { host })];
  if (kerberos !== true) return [];
  if (reverse === undefined || reverse.toLowerCase() !== host.toLowerCase())
    return [hueFinding("server-host-reverse", { host, address, reverse })];
  return [hueFinding("server-host-both-ways", { host, address })];
}
