import { isIP } from "node:net";
import { parseCidr } from "../../domain/cidr.ts";
import { formatEndpoint, isWildcard, parseEndpoint } from "../../domain/endpoint.ts";
import { messageOf } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import { portHolders } from "../../system/network/port-holders.ts";
import { listenFault } from "../../system/network/ports.ts";
import { control } from "../admin/control.ts";
import { type Lookup, systemLookup } from "../backends/connect/resolver.ts";
import { descriptorBudget, descriptorLimit } from "../front/accept/descriptors.ts";
import type { BalancerSpec, ListenerSpec } from "../spec/spec.ts";

/** Why the balancer could not work here, and what to do. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export interface Findings {
  /** Any of these keeps the balancer from starting. */
  readonly faults: readonly Fault[];
  readonly warnings: readonly Warning[];
}

export interface PreflightOptions {
  readonly lookup?: Lookup;
  /** Open files that the process may have; default: as the system says. */
  readonly descriptorLimit?: number;
}

/** Every listener and the admin address: who wants to listen where. */
interface Place {
  readonly owner: string;
  readonly bind: string;
}

/**
 * Checks on this host what `haproxy -c` does not look at: ports in use, addresses that are not local, two listeners on one address,
 * too few descriptors, names that do not resolve. Changes nothing. Ports that a running balancer of the same specification (it answers on
 * `admin.socket`) or systemd holds for us are not in use.
 */
export async function checkSpec(spec: BalancerSpec, options: PreflightOptions = {}): Promise<Findings> {
  const faults: Fault[] = [
    ...sameAddress(spec),
    ...(await unusableAddresses(spec)),
    ...descriptors(spec, options),
  ];
  const warnings: Warning[] = [
    ...openToAll(spec),
    ...believesAll(spec),
    ...(await unresolvable(spec, options.lookup ?? systemLookup)),
  ];
  for (const listener of spec.listeners) {
    const budget = descriptorBudget(spec, options.descriptorLimit ?? descriptorLimit());
    const allowed = budget.connections.get(listener.name) ?? 0;
    if (allowed < listener.maxConnections) warnings.push(fewDescriptors(listener, allowed, budget.limit));
    if (listener.backends.every((each) => each.weight === 0)) {
      warnings.push({
        code: "no-weight",
        message: `every backend of listener "${listener.name}" has weight 0: none gets work`,
      });
    }
  }
  return { faults, warnings };
}

function places(spec: BalancerSpec): Place[] {
  const all = spec.listeners.map((each) => ({ owner: `listener "${each.name}"`, bind: each.bind }));
  if (spec.admin?.http !== undefined) all.push({ owner: "admin.http", bind: spec.admin.http });
  return all;
}

/** With SO_REUSEPORT, as HAProxy uses it, both would start and the kernel would split the connections between them. */
function sameAddress(spec: BalancerSpec): Fault[] {
  const faults: Fault[] = [];
  const all = places(spec);
  all.forEach((one, index) => {
    const a = parseEndpoint(one.bind);
    for (const other of all.slice(index + 1)) {
      const b = parseEndpoint(other.bind);
      if (a.port === 0 || a.port !== b.port) continue;
      if (a.host !== b.host && !isWildcard(a.host) && !isWildcard(b.host)) continue;
      faults.push({
        code: "same-address",
        message: `${one.owner} (${one.bind}) and ${other.owner} (${other.bind}) want the same address`,
        hint: "give one of them another port",
      });
    }
  });
  return faults;
}

async function unusableAddresses(spec: BalancerSpec): Promise<Fault[]> {
  const ours = await heldByUs(spec);
  const faults: Fault[] = [];
  for (const { owner, bind } of places(spec)) {
    const endpoint = parseEndpoint(bind);
    const fault = await listenFault(endpoint);
    if (fault === undefined) continue;
    const held =
      ours.has(formatEndpoint(endpoint)) || portHolders(endpoint.port).some((each) => each.pid === 1);
    if (fault.code === "in-use" && held) continue;
    const hint = fault.hint === undefined ? {} : { hint: fault.hint };
    faults.push({ code: `address-${fault.code}`, message: `${owner}: ${fault.message}`, ...hint });
  }
  return faults;
}

/** The addresses of a balancer that runs with this specification's control socket. */
async function heldByUs(spec: BalancerSpec): Promise<ReadonlySet<string>> {
  const socket = spec.admin?.socket;
  if (socket === undefined) return new Set();
  try {
    const status = await control(socket, { command: "status" }, 2);
    const admin = spec.admin?.http;
    return new Set([
      ...status.listeners.map((each) => each.address),
      ...(admin === undefined ? [] : [admin]),
    ]);
  } catch {
    return new Set();
  }
}

/** Below this many connections a balancer is of no use: Hue alone keeps 50 in its pool. */
const FEWEST = 16;

function descriptors(spec: BalancerSpec, options: PreflightOptions): Fault[] {
  const budget = descriptorBudget(spec, options.descriptorLimit ?? descriptorLimit());
  return spec.listeners
    .filter((each) => (budget.connections.get(each.name) ?? 0) < Math.min(FEWEST, each.maxConnections))
    .map((each) => ({
      code: "descriptors",
      message: `listener "${each.name}" could hold ${budget.connections.get(each.name) ?? 0} connections: this process may open only ${String(budget.limit)} files`,
      hint: `raise LimitNOFILE in the unit, or ulimit -n, to ${budget.needed} or more`,
    }));
}

function fewDescriptors(listener: ListenerSpec, allowed: number, limit: number | undefined): Warning {
  return {
    code: "descriptors",
    message: `listener "${listener.name}" will hold ${allowed} connections instead of ${listener.maxConnections}: this process may open only ${String(limit)} files`,
  };
}

function openToAll(spec: BalancerSpec): Warning[] {
  return spec.listeners
    .filter((each) => isWildcard(parseEndpoint(each.bind).host) && each.allow.length === 0)
    .map((each) => ({
      code: "open-to-all",
      message: `listener "${each.name}" listens on every address (${each.bind}) and has no allow list: whoever reaches this host reaches Impala`,
    }));
}

/** Whoever may claim any address passes every allow list. */
function believesAll(spec: BalancerSpec): Warning[] {
  return spec.listeners
    .filter((each) => each.proxyProtocol?.from.some((network) => parseCidr(network).prefix === 0))
    .map((each) => ({
      code: "believes-all",
      message: `listener "${each.name}" believes the PROXY protocol header of every address: name only the proxies in "from"`,
    }));
}

/** Only a warning: it stops its own backend, not the others, and may resolve later. */
async function unresolvable(spec: BalancerSpec, lookup: Lookup): Promise<Warning[]> {
  const hosts = new Map<string, string>();
  for (const listener of spec.listeners) {
    for (const backend of listener.backends) {
      const { host } = parseEndpoint(backend.address);
      if (isIP(host) === 0) hosts.set(host, `${listener.name}/${backend.name}`);
    }
  }
  const found = [...hosts].map(async ([host, owner]): Promise<Warning | undefined> => {
    try {
      await lookup(host);
      return undefined;
    } catch (error) {
      const message = `backend ${owner}: ${host} does not resolve (${messageOf(error)}); it gets no work until it does`;
      return { code: "unresolvable", message };
    }
  });
  return (await Promise.all(found)).filter((each) => each !== undefined);
}
