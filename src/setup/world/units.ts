import { systemctl, systemdRuns, unitState } from "../../system/services/systemd.ts";

/** What a plan needs to know of a unit. */
export interface ServiceState {
  readonly active: boolean;
  readonly enabled: boolean;
}

/** What `systemctl` can be told to do with units. */
export type UnitVerb = "start" | "restart" | "reload" | "stop" | "enable" | "disable";

/** As `World.unitStates`, from systemd. */
export async function systemdStates(
  units: readonly string[],
): Promise<ReadonlyMap<string, ServiceState> | undefined> {
  if (!systemdRuns()) return undefined;
  return new Map(await Promise.all(units.map(async (unit) => [unit, await stateOf(unit)] as const)));
}

async function stateOf(unit: string): Promise<ServiceState> {
  const { active, enabled } = await unitState(unit);
  return {
    active: active === "active" || active === "activating" || active === "reloading",
    enabled: enabled === "enabled",
  };
}

/** Makes systemd read changed unit files. */
export async function reloadUnits(): Promise<void> {
  await systemctl("daemon-reload");
}

/** Has systemd act on units. @throws Failure if it does not */
export async function actOnUnits(verb: UnitVerb, ...units: string[]): Promise<void> {
  await systemctl(verb, ...units);
}
