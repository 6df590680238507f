import { existsSync } from "node:fs";
import { Failure } from "../../domain/failure.ts";
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
/** Seconds; systemd itself gives a service 90 s to start or stop. */
const SYSTEMCTL_TIMEOUT = 200;

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
    timeout: SYSTEMCTL_TIMEOUT,
    env: { SYSTEMD_COLORS: "0" },
  });
  if (result.status === 0) return result;
  const said = result.stderr.trim() || result.stdout.trim() || `status ${result.status}`;
  const message = `systemctl ${args.join(" ")} failed: ${said}`;
  if (/access denied|permission denied|authentication (is )?required/i.test(said)) {
    throw new Failure("auth", "denied", message, "run as root");
  }
  throw new Failure("failed", "systemctl-failed", message, hintFor(args));
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

function hintFor(args: readonly string[]): string | undefined {
  const [verb] = args;
  const unit = args.findLast((arg) => !arg.startsWith("-"));
  if (verb === undefined || unit === undefined || unit === verb) return undefined;
  return ["start", "restart", "reload"].includes(verb) ? `look at: journalctl -u ${unit} -n 50` : undefined;
}
