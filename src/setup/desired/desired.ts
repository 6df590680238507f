import { advise } from "../../cloudera/discovery/advice.ts";
import type { Discovery } from "../../cloudera/discovery/discovery.ts";
import { formatEndpoint, isWildcard } from "../../domain/endpoint.ts";
import type { Warning } from "../../domain/warning.ts";
import { type AnySetting, HUE_SETTINGS, type SettingName, type WantedSettings } from "../../hue/settings.ts";
import { clouderaWarning } from "../../messages/warnings/cloudera.ts";
import { clusterWarning } from "../../messages/warnings/cluster.ts";
import { isGiven } from "../answers/answers.ts";
import type { LoadBalancerField, Settled, Target } from "../settle/settled.ts";
import { type DesiredBalancer, desiredBalancer } from "./balancer.ts";

/** The state that a run brings about. Pure result of {@link desire}. */
export interface Desired extends DesiredBalancer {
  readonly target: Target;
  readonly settings: WantedSettings;
  /** Those of the settings that nobody has named: what stands there and is as good stays. */
  readonly byDefault: readonly SettingName[];
  /** Impala's own load balancer field, `host:port`, if it is to be set. */
  readonly loadBalancer?: LoadBalancerField & { readonly value: string };
}

/**
 * The desired state that the decisions amount to. Pure.
 * @throws Failure `settings` for what the cluster's security or the specification's rules forbid
 */
export function desire(settled: Settled): Desired {
  const { target, balancer, settings: wanted, byDefault, loadBalancer, discovery } = settled;
  const { settings, warnings } = besideField(wanted, byDefault, target, discovery);
  const desired = desiredBalancer(balancer);
  const advice = securityAdvice(settled);
  const value = `${settings.serverHost}:${settings.serverPort}`;
  return {
    ...desired,
    warnings: [...advice, ...warnings, ...desired.warnings],
    target,
    settings,
    byDefault,
    ...(loadBalancer === undefined ? {} : { loadBalancer: { ...loadBalancer, value } }),
  };
}

/**
 * The settings beside Cloudera Manager's own field for the time limit: the default in a valve would win over what
 * somebody has set there.
 */
function besideField(
  settings: WantedSettings,
  byDefault: readonly SettingName[],
  target: Target,
  discovery: Discovery | undefined,
): { settings: WantedSettings; warnings: Warning[] } {
  const field = discovery?.facts.hueConnTimeout;
  const { serverConnTimeout, ...others } = settings;
  if (field === undefined || serverConnTimeout === undefined || target.kind !== "cloudera-manager") {
    return { settings, warnings: [] };
  }
  const value = String(serverConnTimeout);
  const row: AnySetting = HUE_SETTINGS.serverConnTimeout;
  if (byDefault.includes("serverConnTimeout") && row.atLeast?.(field, serverConnTimeout) === true) {
    const stays =
      field === value ? [] : [clouderaWarning("conn-timeout-field-stays", { field, byDefault: value })];
    return { settings: others, warnings: stays };
  }
  return {
    settings,
    warnings: field === value ? [] : [clouderaWarning("conn-timeout-field", { field, value })],
  };
}

/**
 * What security and Cloudera Manager's settings say about the endpoint that Hue is to use.
 * @throws Failure the first reason not to go on
 */
function securityAdvice(settled: Settled): Warning[] {
  const { discovery, security, balancer, loadBalancer, answers } = settled;
  const { serverHost, serverPort } = settled.settings;
  const advice = advise(security, discovery?.impalaService ?? "", {
    serverHost,
    serverPort,
    hostGiven: isGiven(answers, "serverHost"),
    setsLoadBalancer: loadBalancer !== undefined,
    kerberosEnd: balancer.kind === "embedded" && balancer.kerberos !== undefined,
    tlsEnd: balancer.kind !== "external" && balancer.existing?.listeners[0]?.tls !== undefined,
  });
  const [refusal] = advice.refusals;
  if (refusal !== undefined) throw refusal;
  const warnings = [...advice.warnings, ...elsewhere(settled)];
  if (discovery === undefined) return warnings;
  const codes = new Set(advice.warnings.map(({ code }) => code));
  const notes = discovery.impalads.flatMap(({ host, noteText }) =>
    noteText === undefined ? [] : [clusterWarning("impalad-note", { host, note: noteText })],
  );
  // A load balancer that Cloudera Manager knows already is judged with the intention in mind, not in general.
  const general = discovery.warnings.filter(({ code }) => !codes.has(code) && code !== "load-balancer-set");
  return [...general, ...warnings, ...notes];
}

/** The name that Hue gets leads to an address where the balancer does not listen. */
function elsewhere({ balancer, settings, fullName }: Settled): Warning[] {
  if (balancer.kind === "external" || fullName?.address === undefined) return [];
  const { name, address } = fullName;
  const { host } = balancer.listen;
  if (settings.serverHost !== name || isWildcard(host) || host === address || host === name) return [];
  return [clusterWarning("name-leads-elsewhere", { name, address, listen: formatEndpoint(balancer.listen) })];
}
