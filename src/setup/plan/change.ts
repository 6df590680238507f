import type { LoadBalancerEdit } from "../../cloudera/config/load-balancer.ts";
import type { Valve } from "../../cloudera/config/valve.ts";
import type { Endpoint } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import type { Warning } from "../../domain/warning.ts";
import type { Login } from "../world/login.ts";

/**
 * A file that is made, edited or (when an earlier change is undone) removed. `before` is what was read when the plan
 * was made, null: it did not exist; `after` null: it goes.
 */
export interface FileChange {
  readonly kind: "file-create" | "file-edit";
  /** The path as the person wrote it; diffs carry it. */
  readonly target: string;
  readonly before: Uint8Array | null;
  readonly after: Uint8Array | null;
  /** Permission bits of a new file; an edited one keeps its own. */
  readonly mode: number;
  /** Folders that were made for it, outermost first: they go with it if nothing else is in them. */
  readonly folders?: readonly string[];
  /** What else must accept the content before it is written. */
  readonly checkedBy?: "haproxy";
}

/** One of Hue's safety valves in Cloudera Manager. */
export interface ValveChange {
  readonly kind: "cm-config";
  readonly target: string;
  readonly login: Login;
  readonly cluster: string;
  readonly service: string;
  readonly valve: Valve;
  readonly after: string;
}

/** Impala's own load balancer field in Cloudera Manager. */
export interface LoadBalancerChange {
  readonly kind: "cm-config";
  readonly target: string;
  readonly login: Login;
  readonly cluster: string;
  readonly service: string;
  readonly edits: readonly LoadBalancerEdit[];
}

/** A restart of Hue's servers through Cloudera Manager. */
export interface CommandChange {
  readonly kind: "cm-command";
  readonly target: string;
  readonly login: Login;
  readonly cluster: string;
  readonly service: string;
}

/**
 * What happens to a systemd unit; `start` also enables it, `stop` disables it. After `start`, `restart` or `reload`
 * somebody must accept connections at `ready`.
 */
export interface ServiceChange {
  readonly kind: "service";
  /** The unit. */
  readonly target: string;
  readonly action: "start" | "restart" | "reload" | "stop";
  readonly ready?: Endpoint;
  /** Where the bundled balancer can be asked whether an Impalad is up; HAProxy cannot. */
  readonly controlSocket?: string;
  /** Socket unit that holds the listening socket; started first, stopped last. */
  readonly socketUnit?: string;
  /** The socket unit itself has changed: a restart must let go of the old address. */
  readonly socketChanged?: true;
  /** State before, for the way back. */
  readonly wasActive: boolean;
  readonly wasEnabled: boolean;
}

export type Change = FileChange | ValveChange | LoadBalancerChange | CommandChange | ServiceChange;

/** What will be done, in this order, and what a person should know and do. Made by `plan()`, shown or applied. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly warnings: readonly Warning[];
  /** Steps left to the administrator, in words. */
  readonly next: readonly Text[];
}

/** The part of a plan that one concern brings. */
export interface PlanPart {
  readonly changes: readonly Change[];
  readonly warnings: readonly Warning[];
}

export type ChangeStatus = "planned" | "changed" | "unchanged" | "failed" | "rolled-back";

/** How each change of a plan ended. */
export interface Report {
  readonly outcomes: readonly {
    readonly change: Change;
    readonly status: ChangeStatus;
    readonly note?: Text;
  }[];
  readonly warnings: readonly Warning[];
  readonly next: readonly Text[];
  /** Where the way back is recorded; absent if nothing was written. */
  readonly journal?: string;
}

/** The target of a change in Cloudera Manager: a path without blanks, so that `patch` can read the diff. */
export function clouderaTarget(...names: readonly string[]): string {
  return ["cloudera-manager", ...names].map(encodeURIComponent).join("/");
}

/** The login to Cloudera Manager that a change is made through; undefined for a change on this host. */
export function loginOf(change: Change): Login | undefined {
  return "login" in change ? change.login : undefined;
}

/** Narrows a change to one of a file. */
export function isFileChange(change: Change): change is FileChange {
  return change.kind === "file-create" || change.kind === "file-edit";
}

/** Narrows a change to one of Impala's load balancer field. */
export function isLoadBalancerChange(change: Change): change is LoadBalancerChange {
  return change.kind === "cm-config" && "edits" in change;
}

/** Narrows a change to one of a safety valve. */
export function isValveChange(change: Change): change is ValveChange {
  return change.kind === "cm-config" && "valve" in change;
}
