import { isIP } from "node:net";
import { parseCidr } from "../../domain/cidr.ts";
import { parseEndpoint } from "../../domain/endpoint.ts";
import { Failure } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import { systemText } from "../../messages/errno.ts";
import { balancerCheckFailure } from "../../messages/failures/balancer/check.ts";
import { balancerWarning } from "../../messages/warnings/balancer.ts";
import { type Lookup, systemLookup } from "../backends/connect/resolver.ts";
import {
  type Budget,
  descriptorBudget,
  descriptorLimit,
  descriptorWarnings,
} from "../front/accept/descriptors.ts";
import { readMaterial } from "../front/security.ts";
import { withEachImpaladOnce } from "../spec/checks/twins.ts";
import { exposureWarnings } from "../spec/exposure.ts";
import { openDoors } from "../spec/security/open-doors.ts";
import type { BalancerSpec } from "../spec/spec.ts";
import { sameAddress, unusableAddresses } from "./addresses.ts";

export interface Findings {
  /** Any of these keeps the balancer from starting, or clients from accepting its certificate. */
  readonly faults: readonly Failure[];
  readonly warnings: readonly Warning[];
}

export interface PreflightOptions {
  readonly lookup?: Lookup;
  /** Open files that the process may have; default: as the system says. */
  readonly descriptorLimit?: number;
}

/**
 * Checks on this host what `haproxy -c` does not look at: ports in use, addresses that are not local, two listeners on
 * one address, too few descriptors, names that do not resolve, certificates that clients
 * will refuse. Changes nothing. Ports that a running balancer of the
 * same specification (it answers on `admin.socket`) or systemd holds for us are not in use.
 */
export async function checkSpec(spec: BalancerSpec, options: PreflightOptions = {}): Promise<Findings> {
  const budget = descriptorBudget(spec, options.descriptorLimit ?? descriptorLimit());
  const kerberos = await kerberosFindings(spec);
  const tls = await judgeTls(spec);
  return {
    faults: [
      ...sameAddress(spec),
      ...(await unusableAddresses(spec)),
      ...descriptors(spec, budget),
      ...kerberos.faults,
      ...tls.faults,
    ],
    warnings: [
      ...tls.warnings,
      ...exposureWarnings(spec.listeners),
      ...believesAll(spec),
      ...(await namesOf(spec, options.lookup ?? systemLookup)),
      ...descriptorWarnings(spec, budget),
      ...noWeight(spec),
      ...kerberos.warnings,
    ],
  };
}

/** Below this many connections a balancer is of no use: Hue alone keeps 50 in its pool. */
const FEWEST = 16;

function descriptors(spec: BalancerSpec, { connections, limit = 0, needed }: Budget): Failure[] {
  return spec.listeners
    .map(({ name, maxConnections }) => ({ name, maxConnections, allowed: connections.get(name) ?? 0 }))
    .filter(({ allowed, maxConnections }) => allowed < Math.min(FEWEST, maxConnections))
    .map(({ name, allowed }) =>
      balancerCheckFailure("descriptors", { listener: name, allowed, limit, needed }),
    );
}

async function kerberosFindings(spec: BalancerSpec): Promise<Findings> {
  const found = spec.listeners.map(async (listener): Promise<Findings> => {
    if (listener.kerberos === undefined) return { faults: [], warnings: [] };
    const { checkKerberos } = await import("../gssapi/kerberos.ts");
    const { faults, later } = await checkKerberos(listener, listener.kerberos);
    if (later === undefined) return { faults, warnings: [] };
    const { principal, error } = later;
    const values = { listener: listener.name, principal, reason: error.told.reason, detail: error.message };
    return { faults, warnings: [balancerWarning("kerberos-no-kdc", values)] };
  });
  const all = await Promise.all(found);
  return { faults: all.flatMap((each) => each.faults), warnings: all.flatMap((each) => each.warnings) };
}

/** Certificates, keys and authorities, as the balancer will use them and as clients will see them. */
async function judgeTls(spec: BalancerSpec): Promise<Findings> {
  const faults: Failure[] = [];
  const warnings: Warning[] = [];
  for (const listener of spec.listeners) {
    warnings.push(...openDoors(listener));
    try {
      const { identity } = await readMaterial(listener);
      faults.push(...(identity?.judgement.faults ?? []));
      warnings.push(...(identity?.judgement.warnings ?? []));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      faults.push(error);
    }
  }
  return { faults, warnings };
}

/** Whoever may claim any address passes every allow list. */
function believesAll(spec: BalancerSpec): Warning[] {
  return spec.listeners
    .filter((each) => each.proxyProtocol?.from.some((network) => parseCidr(network).prefix === 0))
    .map(({ name }) => balancerWarning("believes-all", { listener: name }));
}

function noWeight(spec: BalancerSpec): Warning[] {
  return spec.listeners
    .filter((listener) => listener.backends.every((each) => each.weight === 0))
    .map(({ name }) => balancerWarning("no-weight", { listener: name }));
}

/**
 * Names that do not resolve, and those of one Impalad. Only a warning: the first stops its own backend, not the others,
 * and may resolve later.
 */
async function namesOf(spec: BalancerSpec, lookup: Lookup): Promise<Warning[]> {
  const hosts = new Map<string, string>();
  for (const listener of spec.listeners) {
    for (const backend of listener.backends) {
      const { host } = parseEndpoint(backend.address);
      if (isIP(host) === 0) hosts.set(host, `${listener.name}/${backend.name}`);
    }
  }
  const addresses = new Map<string, readonly string[]>();
  const found = [...hosts].map(async ([host, backend]): Promise<Warning | undefined> => {
    try {
      addresses.set(host.toLowerCase(), [await lookup(host)]);
      return undefined;
    } catch (error) {
      return balancerWarning("unresolvable", { backend, host, reason: systemText(error) });
    }
  });
  const warnings = (await Promise.all(found)).filter((each) => each !== undefined);
  return [...warnings, ...withEachImpaladOnce(spec, addresses).warnings];
}
