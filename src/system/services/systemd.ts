import { existsSync } from "node:fs";
import { systemctlFailed } from "../../messages/failures/system/programs.ts";
import { systemFailure } from "../../messages/failures/system/system.ts";
import { type RunResult, run } from "../processes/run.ts";

/** What `systemctl show` says about a unit. */
export interface UnitState {
  /** `loaded`, `not-found`, `masked`, `bad-setting`, `error`. */
  readonly load: string;
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`. */
  readonly active: string;
  /** `running`, `dead`, `auto-restart`, … */
  readonly sub: string;
  /** `enabled`, `disabled`, `static`, `masked`, …; "" for an unknown unit. */
  readonly enabled: string;
  /** Of the unit file; "" for an unknown unit. */
  readonly file: string;
  /** Process number of the service, 0 when it does not run. */
  readonly mainPid: number;
  /** The unit file has changed since systemd read it. */
  readonly needsReload: boolean;
  /** How the last run ended: `success`, `exit-code`, `signal`, `timeout`, `watchdog`, … */
  readonly result: string;
}

const PROPERTIES =
  "LoadState,ActiveState,SubState,UnitFileState,FragmentPath,MainPID,NeedDaemonReload,Result";
/** systemd itself gives a service 90 s to start or stop. */
const SYSTEMCTL_TIMEOUT_SECONDS = 200;

/** True when systemd is this host's init, as sd_booted(3) tells. */
export function systemdRuns(root = "/"): boolean {
  return existsSync(`${root}/run/systemd/system`);
}

/**
 * Runs systemctl without pager, colours and questions.
 * @throws Failure `failed` `systemctl-failed` (or `auth` `denied`) with what it said, unless it ends with status 0
 */
export async function systemctl(...args: string[]): Promise<RunResult> {
  const result = await run("systemctl", ["--no-pager", "--no-ask-password", ...args], {
    timeout: SYSTEMCTL_TIMEOUT_SECONDS,
    env: { SYSTEMD_COLORS: "0" },
  });
  if (result.status === 0) return result;
  const said = result.stderr.trim() || result.stdout.trim() || `status ${result.status}`;
  const reason = systemctlFailed(args.join(" "), said);
  if (/access denied|permission denied|authentication (is )?required/i.test(said)) {
    throw systemFailure("denied", { reason, hint: { en: "run as root", ja: "root として実行してください" } });
  }
  throw systemFailure("systemctl-failed", { reason, unit: failedUnit(args) });
}

/** The state of a unit, known or not. @throws Failure as {@link systemctl} */
export async function unitState(unit: string): Promise<UnitState> {
  return parseUnitState((await systemctl("show", `--property=${PROPERTIES}`, "--", unit)).stdout);
}

/** Reads the `NAME=value` lines of `systemctl show`. */
export function parseUnitState(text: string): UnitState {
  const values = new Map<string, string>();
  for (const line of text.split("\n")) {
    const equals = line.indexOf("=");
    if (equals > 0) values.set(line.slice(0, equals), line.slice(equals + 1));
  }
  const value = (name: string): string => values.get(name) ?? "";
  return {
    load: value("LoadState"),
    active: value("ActiveState"),
    sub: value("SubState"),
    enabled: value("UnitFileState"),
    file: value("FragmentPath"),
    mainPid: Number(value("MainPID")) || 0,
    needsReload: value("NeedDaemonReload") === "yes",
    result: value("Result"),
  };
}

/** The unit whose log tells why it did not start. */
function failedUnit(args: readonly string[]): string | undefined {
  const [verb] = args;
  const unit = args.findLast((arg) => !arg.startsWith("-"));
  if (verb === undefined || unit === undefined || unit === verb) return undefined;
  return ["start", "restart", "reload"].includes(verb) ? unit : undefined;
}
