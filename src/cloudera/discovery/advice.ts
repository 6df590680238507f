import type { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { clouderaDiscoveryFailure, KERBEROS_WITHOUT } from "../../messages/failures/cloudera/discovery.ts";
import { clouderaWarning } from "../../messages/warnings/cloudera.ts";
import type { ClusterFacts } from "./facts.ts";

/** What is known about security: from Cloudera Manager, from what Hue reads, or from both. */
export interface SecurityFacts extends Omit<ClusterFacts, "loadBalancers"> {
  /** Absent: nobody could be asked. */
  readonly loadBalancers?: ClusterFacts["loadBalancers"];
  /** Hue refuses certificates that do not hold the name that it connects to. */
  readonly hueValidates?: boolean;
  /** First part of the name that Hue asks a ticket for; Hue's default is `impala`. */
  readonly service?: string;
  /** Hue's keytab as its configuration names it. */
  readonly keytab?: string;
}

/** What is about to be set, as far as the facts bear on it. */
export interface Intention {
  /** `[impala] server_host` and `server_port` that Hue will get. */
  readonly serverHost?: string;
  readonly serverPort?: number;
  /** A person has said `serverHost`, who may know which names the Impalads' keys and certificates hold. */
  readonly hostGiven?: boolean;
  /** `impalad_load_balancer` will be set to the same endpoint. */
  readonly setsLoadBalancer?: boolean;
  /** The balancer accepts Kerberos logins itself and makes its own towards each Impalad. */
  readonly kerberosEnd?: boolean;
  /** The balancer shows a certificate of its own and speaks TLS with each Impalad. */
  readonly tlsEnd?: boolean;
}

export interface Advice {
  readonly warnings: Warning[];
  /** Reasons not to go on; the first is what a run ends with. */
  readonly refusals: Failure[];
}

/**
 * What the facts say about an intention (or, without one, in general), whoever has told them. Pure.
 * @param impalaService its name in Cloudera Manager; it does not matter where nobody could be asked
 */
export function advise(facts: SecurityFacts, impalaService: string, intention: Intention = {}): Advice {
  const advice: Advice = { warnings: [], refusals: [] };
  kerberosAdvice(facts, intention, advice);
  tlsAdvice(facts, intention, advice);
  ldapAdvice(facts, advice);
  loadBalancerAdvice(facts, intention, advice);
  hueAdvice(facts, impalaService, advice);
  return advice;
}

/**
 * With Kerberos, clients ask for a ticket of the host they address. Impalads accept a ticket of the balancer's host
 * only when they run with its principal, which Cloudera Manager arranges for the host in `impalad_load_balancer`.
 */
function kerberosAdvice(facts: SecurityFacts, intention: Intention, advice: Advice): void {
  if (facts.kerberos === null) {
    advice.warnings.push(clouderaWarning("kerberos-unknown"));
    return;
  }
  if (!facts.kerberos) return;
  const wanted = intention.serverHost;
  if (wanted !== undefined && isAddress(wanted)) {
    advice.refusals.push(clouderaDiscoveryFailure("kerberos-needs-host-name", { host: wanted }));
    return;
  }
  const flagged = (facts.principalHosts ?? []).filter((host) => host !== "");
  if (flagged.length > 0) {
    const every = facts.principalHosts?.every(
      (host) => host !== "" && host === (wanted?.toLowerCase() ?? host),
    );
    if (every === true && (wanted !== undefined || flagged.length === 1)) return;
    const reason = KERBEROS_WITHOUT.flags(flagged, facts.principalHosts?.includes("") === true);
    advice.refusals.push(clouderaDiscoveryFailure("kerberos-flags-name-another", { reason, host: wanted }));
    return;
  }
  if (intention.kerberosEnd === true) return;
  if (intention.setsLoadBalancer === true && wanted !== undefined) return;
  if (facts.loadBalancers === undefined) {
    principalAdvice(facts, intention, advice);
    return;
  }
  const hosts = [...new Set(facts.loadBalancers.map((setting) => hostOf(setting.value)))];
  const without = facts.groupsWithout ?? [];
  const fits = (host: string): boolean => wanted === undefined || host === wanted.toLowerCase();
  if (hosts.length > 0 && without.length === 0 && hosts.every(fits)) return;
  advice.refusals.push(
    clouderaDiscoveryFailure("kerberos-without-proxy-principal", {
      reason: whyRefused(hosts, without, wanted ?? ""),
      host: wanted,
      port: intention.serverPort,
    }),
  );
}

/** Nobody can be asked whether the Impalads have the balancer's principal. */
function principalAdvice(facts: SecurityFacts, intention: Intention, advice: Advice): void {
  const { serverHost, hostGiven } = intention;
  if (serverHost === undefined) return;
  const { service = "impala", keytab } = facts;
  const principal = `${service}/${serverHost}`;
  if (hostGiven === true) {
    advice.warnings.push(clouderaWarning("kerberos-principal-needed", { principal }));
  } else {
    advice.refusals.push(clouderaDiscoveryFailure("kerberos-without-keytab", { principal, keytab }));
  }
}

function whyRefused(hosts: readonly string[], without: readonly string[], wanted: string): Text {
  if (hosts.length === 0) return KERBEROS_WITHOUT.none;
  return without.length > 0 ? KERBEROS_WITHOUT.groups(without) : KERBEROS_WITHOUT.other(hosts, wanted);
}

/** A certificate must hold the name that Hue connects to: the balancer's own, or each Impalad's behind it. */
function tlsAdvice(facts: SecurityFacts, intention: Intention, advice: Advice): void {
  if (!facts.impalaTls) return;
  const { serverHost: host, hostGiven, tlsEnd } = intention;
  const refused = facts.hueValidates === true && host !== undefined;
  if (refused && isAddress(host)) {
    advice.refusals.push(clouderaDiscoveryFailure("tls-needs-host-name", { host }));
  } else if (tlsEnd === true) {
    return;
  } else if (refused && hostGiven === false) {
    advice.refusals.push(clouderaDiscoveryFailure("tls-without-certificate", { host }));
  } else {
    advice.warnings.push(clouderaWarning("impala-tls", { host }));
  }
}

function ldapAdvice(facts: SecurityFacts, advice: Advice): void {
  if (facts.ldap) advice.warnings.push(clouderaWarning("impala-ldap"));
}

function loadBalancerAdvice(facts: SecurityFacts, intention: Intention, advice: Advice): void {
  const settings = facts.loadBalancers ?? [];
  const values = [...new Set(settings.map((setting) => setting.value))];
  if (values.length === 0) return;
  if (values.length > 1) {
    advice.warnings.push(clouderaWarning("load-balancer-differs", { settings }));
  }
  if (intention.setsLoadBalancer === true || intention.serverHost === undefined) {
    advice.warnings.push(clouderaWarning("load-balancer-set", { values }));
    return;
  }
  const ours = `${intention.serverHost}:${intention.serverPort ?? ""}`.toLowerCase();
  if (values.every((value) => value.toLowerCase() === ours)) return;
  advice.warnings.push(clouderaWarning("load-balancer-other", { values }));
}

function hueAdvice(facts: SecurityFacts, impalaService: string, advice: Advice): void {
  const set = facts.hueImpalaService;
  if (set === undefined) return;
  if (set === null || set === "" || set === "none") {
    advice.warnings.push(clouderaWarning("hue-without-impala", { service: impalaService }));
  } else if (set !== impalaService) {
    advice.warnings.push(clouderaWarning("hue-other-impala", { set, service: impalaService }));
  }
}

/** Host of `host:port`, in lower case. */
function hostOf(value: string): string {
  return value
    .trim()
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}

/** Nothing that a ticket or a certificate of another host than this one is made for. */
export function isAddress(host: string): boolean {
  return /^\d+(\.\d+){3}$/.test(host) || host.includes(":") || host.toLowerCase() === "localhost";
}
