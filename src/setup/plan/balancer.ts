import { basename } from "node:path";
import type { Warning } from "../../domain/warning.ts";
import { authorship } from "../../engines/marker.ts";
import { planWarning } from "../../messages/warnings/plan.ts";
import type { Current } from "../current/current.ts";
import type { DesiredBalancer } from "../desired/balancer.ts";
import type { Change, FileChange, ServiceChange } from "./change.ts";

/** What a plan needs of the desired balancer. */
type WantedBalancer = Omit<DesiredBalancer, "warnings">;
/** And of the current state. */
export type CurrentBalancer = Pick<Current, "files" | "units">;

/** The balancer's part of a plan: its files, then its service, started, restarted or reloaded as they need it. Pure. */
export function planBalancer(desired: WantedBalancer, current: CurrentBalancer): Change[] {
  const files = balancerFiles(desired, current);
  return [...files, ...balancerService(desired, current, files)];
}

/** Which of HAProxy's files that are replaced are not as this program made them. Pure. */
export function notOurs(desired: WantedBalancer, current: CurrentBalancer): Warning[] {
  return balancerFiles(desired, current).flatMap(({ target, before, checkedBy }) => {
    if (checkedBy !== "haproxy" || before === null) return [];
    const by = authorship(Buffer.from(before).toString("utf8"));
    return by === "ours" ? [] : [planWarning("not-ours", { path: target, edited: by === "edited" })];
  });
}

function balancerFiles(desired: WantedBalancer, current: CurrentBalancer): FileChange[] {
  return desired.files.flatMap((file) => {
    const before = current.files.get(file.path) ?? null;
    if (before !== null && Buffer.compare(before, file.content) === 0) return [];
    return [
      {
        kind: before === null ? "file-create" : "file-edit",
        target: file.path,
        before,
        after: file.content,
        mode: file.mode,
        ...(file.checkedBy === undefined ? {} : { checkedBy: file.checkedBy }),
      },
    ];
  });
}

function balancerService(
  desired: WantedBalancer,
  current: CurrentBalancer,
  changed: readonly FileChange[],
): ServiceChange[] {
  const { service } = desired;
  const state = service && current.units?.get(service.unit);
  if (service === undefined || state === undefined) return [];
  const units = new Set(desired.files.filter((file) => file.isUnit).map((file) => file.path));
  const action = !state.active
    ? "start"
    : changed.some((change) => units.has(change.target))
      ? "restart"
      : changed.length > 0
        ? "reload"
        : undefined;
  if (action === undefined) return [];
  const socketChanged = changed.some(({ target }) => basename(target) === service.socketUnit);
  return [
    {
      kind: "service",
      target: service.unit,
      action,
      ...(service.socketUnit === undefined ? {} : { socketUnit: service.socketUnit }),
      ...(socketChanged ? { socketChanged } : {}),
      ready: service.listen,
      ...(service.controlSocket === undefined ? {} : { controlSocket: service.controlSocket }),
      wasActive: state.active,
      wasEnabled: state.enabled,
    },
  ];
}
