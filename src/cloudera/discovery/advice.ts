import { Failure } from "../../domain/failure.ts";
import type { Warning } from "../../domain/warning.ts";
import type { ClusterFacts } from "./facts.ts";

/** What is about to be set, as far as the facts bear on it. */
export interface Intention {
  /** `[impala] server_host` and `server_port` that Hue will get. */
  readonly serverHost?: string;
  readonly serverPort?: number;
  /** `impalad_load_balancer` will be set to the same endpoint. */
  readonly setsLoadBalancer?: boolean;
}

export interface Advice {
  readonly warnings: Warning[];
  /** Reasons not to go on; the first is what a run ends with. */
  readonly refusals: Failure[];
}

/** What the facts say about an intention (or, without one, in general). Pure. */
export function advise(facts: ClusterFacts, impalaService: string, intention: Intention = {}): Advice {
  const advice: Advice = { warnings: [], refusals: [] };
  kerberosAdvice(facts, intention, advice);
  tlsAdvice(facts, intention, advice);
  ldapAdvice(facts, advice);
  loadBalancerAdvice(facts, intention, advice);
  hueAdvice(facts, impalaService, advice);
  return advice;
}

/**
 * With Kerberos, clients ask for a ticket of the host they address. Impalads accept a ticket of the balancer's host only when
 * they run with its principal, which Cloudera Manager arranges for the host in `impalad_load_balancer`.
 */
function kerberosAdvice(facts: ClusterFacts, intention: Intention, advice: Advice): void {
  if (facts.kerberos === null) {
    advice.warnings.push({
      code: "kerberos-unknown",
      message:
        "Cloudera Manager does not say whether the cluster uses Kerberos; if it does, a balancer works only when its host is set as Impala Daemons Load Balancer",
    });
    return;
  }
  if (!facts.kerberos) return;
  const wanted = intention.serverHost;
  if (wanted !== undefined && isAddress(wanted)) {
    advice.refusals.push(
      new Failure(
        "settings",
        "kerberos-needs-host-name",
        `the cluster uses Kerberos, and ${wanted} is an address: tickets are issued for host names`,
        "give the balancer's full host name with --server-host",
      ),
    );
    return;
  }
  if (intention.setsLoadBalancer === true && wanted !== undefined) return;
  const hosts = [...new Set(facts.loadBalancers.map((setting) => hostOf(setting.value)))];
  const without = facts.groupsWithout ?? [];
  const fits = (host: string): boolean => wanted === undefined || host === wanted.toLowerCase();
  if (hosts.length > 0 && without.length === 0 && hosts.every(fits)) return;
  const target =
    wanted === undefined ? "the balancer's HOST:PORT" : `${wanted}:${intention.serverPort ?? "PORT"}`;
  advice.refusals.push(
    new Failure(
      "settings",
      "kerberos-without-proxy-principal",
      `the cluster uses Kerberos, and ${whyRefused(hosts, without, wanted)}`,
      `set impalad_load_balancer ("Impala Daemons Load Balancer") to ${target} (--set-impala-load-balancer does it) and restart Impala, so that impalads get the principal impala/${wanted ?? "BALANCER_HOST"}`,
    ),
  );
}

function whyRefused(
  hosts: readonly string[],
  without: readonly string[],
  wanted: string | undefined,
): string {
  if (hosts.length === 0) {
    return "Impala has no load balancer set: impalads would refuse every connection that comes through one";
  }
  if (without.length > 0) {
    return `the impalads of ${without.join(", ")} have no load balancer set: they would refuse every connection that comes through one`;
  }
  return `Impala's load balancer is ${hosts.join(", ")}, not ${wanted}: impalads would refuse connections through ${wanted}`;
}

function tlsAdvice(facts: ClusterFacts, intention: Intention, advice: Advice): void {
  if (!facts.impalaTls) return;
  advice.warnings.push({
    code: "impala-tls",
    message: `Impala serves its clients with TLS: every impalad's certificate must also hold the name Hue connects to${
      intention.serverHost === undefined ? "" : ` (${intention.serverHost})`
    }, and [impala] [[ssl]] must be enabled in Hue`,
  });
}

function ldapAdvice(facts: ClusterFacts, advice: Advice): void {
  if (!facts.ldap) return;
  advice.warnings.push({
    code: "impala-ldap",
    message:
      "Impala authenticates its clients by LDAP: Hue needs [impala] auth_username and auth_password, and they cross the balancer in clear unless Impala uses TLS",
  });
}

function loadBalancerAdvice(facts: ClusterFacts, intention: Intention, advice: Advice): void {
  const values = [...new Set(facts.loadBalancers.map((setting) => setting.value))];
  if (values.length === 0) return;
  if (values.length > 1) {
    advice.warnings.push({
      code: "load-balancer-differs",
      message: `Cloudera Manager holds different Impala load balancers: ${facts.loadBalancers
        .map((setting) => `${setting.value} (${setting.scope} ${setting.owner})`)
        .join(", ")}`,
    });
  }
  if (intention.setsLoadBalancer === true || intention.serverHost === undefined) {
    advice.warnings.push({
      code: "load-balancer-set",
      message: `Cloudera Manager already knows an Impala load balancer: ${values.join(", ")}`,
    });
    return;
  }
  const ours = `${intention.serverHost}:${intention.serverPort ?? ""}`.toLowerCase();
  if (values.every((value) => value.toLowerCase() === ours)) return;
  advice.warnings.push({
    code: "load-balancer-other",
    message: `Cloudera Manager already knows an Impala load balancer, ${values.join(", ")}; Hue's own setting overrides it, other clients of Cloudera Manager's configuration stay with it`,
  });
}

function hueAdvice(facts: ClusterFacts, impalaService: string, advice: Advice): void {
  if (facts.hueImpalaService === undefined) return;
  const set = facts.hueImpalaService;
  if (set === null || set === "" || set === "none") {
    advice.warnings.push({
      code: "hue-without-impala",
      message: `Hue's property impala_service is not set, so Hue may hide Impala or miss its security settings; set it to ${impalaService} in Hue's configuration`,
    });
  } else if (set !== impalaService) {
    advice.warnings.push({
      code: "hue-other-impala",
      message: `Hue's property impala_service is ${set}, but the impalads are those of ${impalaService}`,
    });
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

function isAddress(host: string): boolean {
  return /^\d+(\.\d+){3}$/.test(host) || host.includes(":") || host === "localhost";
}
