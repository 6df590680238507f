import { thisHost } from "../../src/setup/world/real.ts";
import type { ServiceState, UnitVerb } from "../../src/setup/world/units.ts";
import type { WritableWorld, Writes } from "../../src/setup/world/world.ts";

/** A service manager that keeps its units in memory; `onAct` does what a real unit would. */
export class MemoryUnits {
  readonly log: string[] = [];
  readonly units = new Map<string, ServiceState>();
  onAct: (verb: string, unit: string) => Promise<void> = async () => undefined;

  stateOf(unit: string): ServiceState {
    return this.units.get(unit) ?? { active: false, enabled: false };
  }

  reloadUnits = async (): Promise<void> => {
    this.log.push("daemon-reload");
  };

  act = async (verb: UnitVerb, ...units: string[]): Promise<void> => {
    for (const unit of units) {
      this.log.push(`${verb} ${unit}`);
      await this.onAct(verb, unit);
      const { active, enabled } = this.stateOf(unit);
      this.units.set(unit, {
        active: verb === "start" || verb === "restart" || (verb !== "stop" && active),
        enabled: verb === "enable" || (verb !== "disable" && enabled),
      });
    }
  };
}

interface Parts {
  readonly units?: MemoryUnits;
  readonly signal?: AbortSignal;
  readonly write?: Partial<Writes>;
}

/**
 * A world for a test: this host's files and network, units in memory, a clock that goes on by a second at each look.
 */
export function testWorld({ units = new MemoryUnits(), signal, write = {} }: Parts = {}): WritableWorld {
  const host = thisHost();
  let tick = 0;
  return {
    ...host,
    environment: {},
    command: ["node", "program"],
    version: "0.0.0",
    signal: signal ?? new AbortController().signal,
    standardInput: async () => "",
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, tick++)),
    progress: () => undefined,
    warn: () => undefined,
    unitStates: async (names) => new Map(names.map((name) => [name, units.stateOf(name)])),
    write: { ...host.write, reloadUnits: units.reloadUnits, act: units.act, ...write },
  };
}

/** A writing half that refuses everything: for runs that must not write. */
export const FORBIDDEN = new Proxy({} as Writes, {
  get: (_, member) => () => {
    throw new Error(`a run that only looks has called ${String(member)}`);
  },
});
