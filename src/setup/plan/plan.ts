import { loadBalancerRestart } from "../../cloudera/config/load-balancer.ts";
import { formatEndpoint } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import { planFailure } from "../../messages/failures/setup/plan.ts";
import { planWarning, silence } from "../../messages/warnings/plan.ts";
import type { Current } from "../current/current.ts";
import type { Desired } from "../desired/desired.ts";
import type { HueIni, Target } from "../settle/settled.ts";
import { notOurs, planBalancer } from "./balancer.ts";
import type { Change, LoadBalancerChange, Plan, PlanPart } from "./change.ts";
import { clouderaTarget, isLoadBalancerChange } from "./change.ts";
import { planHueIni } from "./hue-ini.ts";
import { planValves } from "./valves.ts";

/**
 * What has to change to get from the current to the desired state. Pure: no clock, no I/O. The order is the order of
 * execution: the balancer's files, the balancer up and answering, Hue pointed at it, Hue restarted.
 * @throws Failure if the desired state must not be reached from here (unparsable hue.ini, hue.ini of a managed host …)
 */
export function plan(desired: Desired, current: Current): Plan {
  if (current.obstacle !== undefined) throw current.obstacle;
  const balancer = planBalancer(desired, current);
  const hue = planHue(desired, current);
  const loadBalancer = loadBalancerField(desired, current);
  const restart = hueRestart(current, hue.changes.length > 0);
  const changes = [...balancer, ...hue.changes, ...loadBalancer, ...restart];
  const silent = silentBalancer(desired, current);
  return {
    changes,
    warnings: [...desired.warnings, ...notOurs(desired, current), ...hue.warnings, ...silent],
    next: nextSteps(desired, current, changes, hue.changes.length > 0),
  };
}

function planHue({ settings, byDefault }: Desired, { hue }: Current): PlanPart {
  return hue.kind === "hue-ini" ? planHueIni(settings, byDefault, hue) : planValves(settings, byDefault, hue);
}

function loadBalancerField(desired: Desired, current: Current): LoadBalancerChange[] {
  const { loadBalancer } = desired;
  if (loadBalancer === undefined) return [];
  const edits = current.loadBalancers
    .filter((place) => place.value !== loadBalancer.value)
    .map((place) => ({ ...place, after: loadBalancer.value }));
  if (edits.length === 0) return [];
  return [
    {
      kind: "cm-config",
      target: clouderaTarget(loadBalancer.cluster, loadBalancer.service, "impalad_load_balancer"),
      login: loadBalancer.login,
      cluster: loadBalancer.cluster,
      service: loadBalancer.service,
      edits,
    },
  ];
}

/** The restart of Hue, if it was asked for and is needed. */
function hueRestart({ hue, units }: Current, hueChanges: boolean): Change[] {
  if (hue.kind === "hue-ini") return hueChanges ? unitRestart(hue.target, units) : [];
  const { restart, login, cluster, service } = hue.target;
  if (!restart || !(hueChanges || hue.stale)) return [];
  const target = clouderaTarget(cluster, service, "restart");
  return [{ kind: "cm-command", target, login, cluster, service }];
}

function unitRestart({ restartUnit }: HueIni, units: Current["units"]): Change[] {
  if (restartUnit === undefined) return [];
  const state = units?.get(restartUnit);
  if (state === undefined) throw planFailure("no-service-manager", { unit: restartUnit });
  return [
    {
      kind: "service",
      target: restartUnit,
      action: "restart",
      wasActive: state.active,
      wasEnabled: state.enabled,
    },
  ];
}

function restartsHue({ target }: Desired): boolean {
  return target.kind === "hue-ini" ? target.restartUnit !== undefined : target.restart;
}

/** Without systemd nobody starts the balancer for us: Hue must not be restarted before a person has done it. */
function silentBalancer(desired: Desired, current: Current): Warning[] {
  const { service, settings } = desired;
  if (current.listening || (service !== undefined && current.units !== undefined)) return [];
  const where = formatEndpoint(service?.listen ?? { host: settings.serverHost, port: settings.serverPort });
  const said = silence(where, service?.command.join(" "));
  if (restartsHue(desired)) throw planFailure("balancer-silent", { silence: said });
  return [planWarning("balancer-silent", { silence: said })];
}

function nextSteps(
  desired: Desired,
  current: Current,
  changes: readonly Change[],
  hueChanges: boolean,
): Text[] {
  const steps: Text[] = [];
  if (desired.service !== undefined && current.units === undefined && !current.listening) {
    const command = desired.service.command.join(" ");
    steps.push({ en: `Start the balancer: ${command}`, ja: `ロードバランサーを起動する: ${command}` });
  }
  if (hueChanges && !restartsHue(desired)) steps.push(RESTART[desired.target.kind]);
  for (const { cluster, service } of changes.filter(isLoadBalancerChange)) {
    const { en, ja } = loadBalancerRestart(cluster, service);
    steps.push({ en: `Load balancer field: ${en}`, ja });
  }
  return steps;
}

const RESTART: Readonly<Record<Target["kind"], Text>> = {
  "hue-ini": {
    en: "Restart Hue: it reads hue.ini only when it starts (for example: systemctl restart hue)",
    ja: "Hue を再起動する: hue.ini は起動時にだけ読まれる (例: systemctl restart hue)",
  },
  "cloudera-manager": {
    en: "Restart Hue in Cloudera Manager, or run again with --restart-hue",
    ja: "Cloudera Manager で Hue を再起動する、または --restart-hue を付けてもう一度実行する",
  },
};
