import type { Valve } from "../../cloudera/config/valve.ts";
import type { Warning } from "../../domain/warning.ts";
import { editValveText } from "../../hue/edit.ts";
import { type ConfFile, effectiveImpala } from "../../hue/effective.ts";
import type { SettingName, WantedSettings } from "../../hue/settings.ts";
import { planWarning } from "../../messages/warnings/plan.ts";
import type { CurrentValves } from "../current/current.ts";
import { clouderaTarget, type PlanPart, type ValveChange } from "./change.ts";
import { parsed } from "./hue-ini.ts";
import { keepBetter } from "./keep.ts";

/**
 * The edits of Hue's safety valves. Hue reads the service's valve first and the one of its role (group) after it, so a
 * role-level valve that sets one of the keys is the one to edit; else it is the service's. Pure.
 * @throws Failure `unparsable`: a valve that would keep Hue from starting is refused before anything is written
 */
export function planValves(
  wanted: WantedSettings,
  byDefault: readonly SettingName[],
  current: CurrentValves,
): PlanPart {
  const { login, cluster, service } = current.target;
  const warnings: Warning[] = [];
  const changes: ValveChange[] = [];
  const chosen = valvesToEdit(current.valves);
  for (const valve of current.valves) {
    const target = valveTarget(cluster, service, valve);
    // Hue reads the service's valve before this one: a default written here would win over what stands there.
    const before = current.valves.filter((one) => one === valve || one.scope === "service");
    const kept = keepBetter(wanted, byDefault, [before.map((one) => asFile(cluster, service, one))]);
    const edited = parsed(target, () => editValveText(valve.value, kept.settings));
    const isChosen = chosen.includes(valve);
    const text = isChosen ? edited.text : valve.value;
    if (isChosen) warnings.push(...kept.warnings);
    if (text !== valve.value)
      changes.push({ kind: "cm-config", target, login, cluster, service, valve, after: text });
    warnings.push(
      ...effectiveImpala([{ path: target, bytes: Buffer.from(text) }], { partial: true }).warnings,
    );
    if (valve.scope !== "service" && isChosen) {
      warnings.push(planWarning("role-valve-wins", { valve: target }));
    }
  }
  return { changes, warnings };
}

/**
 * Every Hue server must end up with the values: by its role-level valve if that sets one of the keys, else by the
 * service's.
 */
function valvesToEdit(valves: readonly Valve[]): readonly Valve[] {
  const roleLevel = valves.filter((valve) => valve.scope !== "service" && valve.roles?.length !== 0);
  const setting = roleLevel.filter(setsImpala);
  const allCovered = setting.length > 0 && setting.length === roleLevel.length;
  return allCovered ? setting : [...valves.filter((valve) => valve.scope === "service"), ...setting];
}

function setsImpala(valve: Valve): boolean {
  const bytes = Buffer.from(valve.value);
  const { settings } = parsed(valve.property, () => effectiveImpala([{ path: valve.property, bytes }]));
  return Object.values(settings).some((setting) => setting !== undefined);
}

function asFile(cluster: string, service: string, valve: Valve): ConfFile {
  return { path: valveTarget(cluster, service, valve), bytes: Buffer.from(valve.value) };
}

/** How a valve is called in plans, diffs and reports. */
export function valveTarget(cluster: string, service: string, valve: Valve): string {
  const owner = valve.scope === "service" ? [] : [valve.owner];
  return clouderaTarget(cluster, service, ...owner, valve.property);
}
