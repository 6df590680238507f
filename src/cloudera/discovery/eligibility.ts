import { isHost } from "../../domain/endpoint.ts";
import type { Text } from "../../domain/text.ts";
import { HEALTH_NOTE, NOT_ELIGIBLE } from "../../messages/cloudera.ts";

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
  readonly reason: Text | null;
  readonly note?: Text;
}

/**
 * Only coordinators that are started, commissioned and not known to be bad may take clients (Impala's guidelines for
 * dedicated coordinators; the states are Cloudera Manager's). Unknown health is no reason to leave one out: with
 * monitoring off, all are unknown, and the balancer's own checks decide.
 */
export function judgeImpalad(state: ImpaladState): Eligibility {
  const reason = reasonAgainst(state);
  if (reason !== undefined) return { eligible: false, reason };
  const note = noteOn(state);
  return { eligible: true, reason: null, ...(note === undefined ? {} : { note }) };
}

function reasonAgainst(state: ImpaladState): Text | undefined {
  if (state.type !== "IMPALAD") return NOT_ELIGIBLE.type(state.type);
  if (state.host === undefined || state.host === "") return NOT_ELIGIBLE.noHost;
  // A zone (fe80::1%eth0) means an interface of one host only.
  if (!isHost(state.host) || state.host.includes("%")) return NOT_ELIGIBLE.badHost;
  if (state.specialization === "EXECUTOR_ONLY") return NOT_ELIGIBLE.executor;
  if (state.port === 0) return NOT_ELIGIBLE.portOff;
  if (state.port === undefined) return NOT_ELIGIBLE.badPort;
  if (state.commissionState !== undefined && state.commissionState !== "COMMISSIONED") {
    return NOT_ELIGIBLE.commission(state.commissionState);
  }
  if (state.roleState !== "STARTED") return NOT_ELIGIBLE.role(state.roleState);
  if (state.maintenanceMode) return NOT_ELIGIBLE.maintenance;
  if (state.healthSummary === "BAD") return NOT_ELIGIBLE.bad;
  return undefined;
}

function noteOn(state: ImpaladState): Text | undefined {
  switch (state.healthSummary) {
    case "GOOD":
      return undefined;
    case undefined:
    case "NOT_AVAILABLE":
    case "HISTORY_NOT_AVAILABLE":
      return HEALTH_NOTE.unknown;
    case "DISABLED":
      return HEALTH_NOTE.unmonitored;
    default:
      return HEALTH_NOTE.is(state.healthSummary);
  }
}
