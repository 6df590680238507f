import { resolve } from "node:path";
import { sha256 } from "../../../system/files/sha256.ts";
import {
  type Change,
  type FileChange,
  isFileChange,
  isLoadBalancerChange,
  isValveChange,
  type ServiceChange,
  type ValveChange,
} from "../../plan/change.ts";
import type { FileStep, ServiceStep, Step, ValveStep } from "./journal.ts";
import { reversal } from "./reversal.ts";

/** What the journal says of a change that is about to be made, with the way back. */
export async function stepOf(change: Change): Promise<Step> {
  if (isFileChange(change)) return fileStep(change);
  if (isValveChange(change)) return valveStep(change);
  if (change.kind === "service") return serviceStep(change);
  const { cluster, service } = change;
  if (isLoadBalancerChange(change)) {
    return { kind: "load-balancer", status: "begun", cluster, service, edits: change.edits };
  }
  return { kind: "command", status: "begun", cluster, service };
}

async function fileStep({ target, mode, before, after }: FileChange): Promise<FileStep> {
  return {
    kind: "file",
    status: "begun",
    path: resolve(target),
    mode,
    beforeHash: before === null ? null : sha256(before),
    afterHash: after === null ? null : sha256(after),
    reversal: await reversal(before ?? Buffer.alloc(0), after ?? Buffer.alloc(0)),
  };
}

async function valveStep({ cluster, service, valve, after }: ValveChange): Promise<ValveStep> {
  const { scope, owner, property } = valve;
  const [old, next] = [Buffer.from(valve.value), Buffer.from(after)];
  return {
    kind: "valve",
    status: "begun",
    cluster,
    service,
    scope,
    owner,
    property,
    beforeHash: sha256(old),
    afterHash: sha256(next),
    reversal: await reversal(old, next),
  };
}

function serviceStep(change: ServiceChange): ServiceStep {
  const { target, action, socketUnit, socketChanged, wasActive, wasEnabled } = change;
  return {
    kind: "service",
    status: "begun",
    unit: target,
    action,
    ...(socketUnit === undefined ? {} : { socketUnit }),
    ...(socketChanged === undefined ? {} : { socketChanged }),
    wasActive,
    wasEnabled,
  };
}
