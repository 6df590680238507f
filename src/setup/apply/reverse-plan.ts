import { readValves } from "../../cloudera/config/valve.ts";
import type { Text } from "../../domain/text.ts";
import { applyFailure } from "../../messages/failures/setup/apply.ts";
import { sha256 } from "../../system/files/sha256.ts";
import { type Change, clouderaTarget, type Plan } from "../plan/change.ts";
import { valveTarget } from "../plan/valves.ts";
import type { Login } from "../world/login.ts";
import type { World } from "../world/world.ts";
import type { FileStep, ServiceStep, Step, ValveStep } from "./journal/journal.ts";
import { reverse } from "./journal/reversal.ts";

/**
 * The plan that takes recorded steps back, last first. Steps that never happened are left out.
 * @param cloudera the login for steps that were made in Cloudera Manager; asked for only if there are any
 * @throws Failure `failed`, code `changed-since`: somebody has changed the same thing after us; nothing is overwritten
 */
export async function reversePlan(
  steps: readonly Step[],
  world: Pick<World, "readFile">,
  cloudera: () => Promise<Login>,
): Promise<Plan> {
  const changes: Change[] = [];
  // A service that goes on running reads its files again after they are back.
  const last: Change[] = [];
  for (const step of [...steps].reverse()) {
    const change = await reverseStep(step, world, cloudera);
    if (change === undefined) continue;
    const again = change.kind === "service" && change.action !== "stop" && change.action !== "start";
    (again ? last : changes).push(change);
  }
  return { changes: [...changes, ...last], warnings: [], next: nextSteps(changes) };
}

async function reverseStep(
  step: Step,
  world: Pick<World, "readFile">,
  cloudera: () => Promise<Login>,
): Promise<Change | undefined> {
  switch (step.kind) {
    case "file":
      return reverseFile(step, world);
    case "valve":
      return reverseValve(step, await cloudera());
    case "load-balancer":
      return {
        kind: "cm-config",
        target: clouderaTarget(step.cluster, step.service, "impalad_load_balancer"),
        cluster: step.cluster,
        service: step.service,
        login: await cloudera(),
        edits: step.edits.map((edit) => ({ ...edit, value: edit.after, after: edit.value })),
      };
    case "service":
      return reverseService(step);
    case "command":
      // What a restart made Hue read is taken back by the steps before it; the person is told to restart once more.
      return undefined;
  }
}

async function reverseFile(step: FileStep, world: Pick<World, "readFile">): Promise<Change | undefined> {
  const current = await world.readFile(step.path);
  const hash = current === null ? null : sha256(current);
  if (hash === step.beforeHash) return undefined;
  if (hash !== step.afterHash) {
    // A step that was only begun, with neither content there: the write was refused because of somebody's change.
    if (step.status === "begun") return undefined;
    throw applyFailure("changed-since", { what: step.path, backup: step.backup });
  }
  const before = step.beforeHash === null ? null : reverse(current ?? Buffer.alloc(0), step.reversal);
  if (before !== null && sha256(before) !== step.beforeHash)
    throw applyFailure("changed-since", { what: step.path, backup: step.backup });
  const kind = current === null ? "file-create" : "file-edit";
  const folders = before === null && step.folders !== undefined ? { folders: step.folders } : {};
  return { kind, target: step.path, before: current, after: before, mode: step.mode, ...folders };
}

async function reverseValve(step: ValveStep, login: Login): Promise<Change | undefined> {
  const valves = await readValves(login, step.cluster, step.service);
  const valve = valves.find(({ scope, owner, property }) => {
    return scope === step.scope && owner === step.owner && property === step.property;
  });
  const text = Buffer.from(valve?.value ?? "");
  const hash = sha256(text);
  if (hash === step.beforeHash) return undefined;
  if (valve === undefined || hash !== step.afterHash) {
    if (step.status === "begun") return undefined;
    throw applyFailure("changed-since", { what: step.property });
  }
  const after = Buffer.from(reverse(text, step.reversal)).toString("utf8");
  const { cluster, service } = step;
  return {
    kind: "cm-config",
    target: valveTarget(cluster, service, valve),
    cluster,
    service,
    login,
    valve,
    after,
  };
}

function reverseService(step: ServiceStep): Change | undefined {
  const socketUnit = {
    ...(step.socketUnit === undefined ? {} : { socketUnit: step.socketUnit }),
    ...(step.socketChanged === undefined ? {} : { socketChanged: step.socketChanged }),
  };
  const state = { wasActive: !step.wasActive, wasEnabled: !step.wasEnabled };
  if (step.action === "start" && !step.wasActive) {
    return { kind: "service", target: step.unit, action: "stop", ...socketUnit, ...state };
  }
  if (step.action === "stop")
    return { kind: "service", target: step.unit, action: "start", ...socketUnit, ...state };
  return {
    kind: "service",
    target: step.unit,
    action: step.action,
    ...socketUnit,
    wasActive: true,
    wasEnabled: true,
  };
}

function nextSteps(changes: readonly Change[]): Text[] {
  if (changes.length === 0) return [];
  return [
    {
      en: "Restart Hue: it still runs with what it read at its last start",
      ja: "Hue を再起動する: まだ前回の起動時に読んだ設定で動いている",
    },
  ];
}
