/** What decides whether clients may be sent to an Impalad, as Cloudera Manager reports it. */
export interface ImpaladState {
  readonly type: string;
  readonly host: string | undefined;
  /** HiveServer2 port; 0: switched off, undefined: not a port. */
  readonly port: number | undefined;
  readonly roleState: string | undefined;
  readonly commissionState: string | undefined;
  readonly maintenanceMode: boolean;
  /** `impalad_specialization`; absent on old versions. */
  readonly specialization: string | undefined;
  readonly healthSummary: string | undefined;
}

/** `reason` is null when eligible; `note` says why an eligible one deserves a look. */
export interface Eligibility {
  readonly eligible: boolean;
  readonly reason: string | null;
  readonly note?: string;
}

/**
 * Only coordinators that are started, commissioned and not known to be bad may take clients (Impala's guidelines for dedicated
 * coordinators; the states are Cloudera Manager's). Unknown health is no reason to leave one out: with monitoring off, all
 * are unknown, and the balancer's own checks decide.
 */
export function judgeImpalad(state: ImpaladState): Eligibility {
  const reason = reasonAgainst(state);
  if (reason !== undefined) return { eligible: false, reason };
  const note = noteOn(state);
  return { eligible: true, reason: null, ...(note === undefined ? {} : { note }) };
}

function reasonAgainst(state: ImpaladState): string | undefined {
  if (state.type !== "IMPALAD") return `role type ${state.type} takes no clients`;
  if (state.host === undefined || state.host === "") return "Cloudera Manager gives no host name for it";
  if (state.specialization === "EXECUTOR_ONLY") return "executor only: takes no clients";
  if (state.port === 0) return "its HiveServer2 port is 0 (off)";
  if (state.port === undefined) return "its HiveServer2 port (hs2_port) is not a port number";
  if (state.commissionState !== undefined && state.commissionState !== "COMMISSIONED") {
    return `commission state is ${state.commissionState}`;
  }
  if (state.roleState !== "STARTED") return `role state is ${state.roleState ?? "unknown"}, not STARTED`;
  if (state.maintenanceMode) return "in maintenance mode";
  if (state.healthSummary === "BAD") return "health is BAD";
  return undefined;
}

function noteOn(state: ImpaladState): string | undefined {
  switch (state.healthSummary) {
    case "GOOD":
      return undefined;
    case undefined:
    case "NOT_AVAILABLE":
    case "HISTORY_NOT_AVAILABLE":
      return "health is not known";
    case "DISABLED":
      return "health is not monitored";
    default:
      return `health is ${state.healthSummary}`;
  }
}
