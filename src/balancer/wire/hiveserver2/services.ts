import type { MessageFacts } from "./message-facts.ts";
import { CLOSE_OPERATIONS, CLOSE_SESSION, NAMES_OPERATION, OPEN_SESSION } from "./tcli-service.ts";

/**
 * Services whose sessions are not understood: a session of Beeswax is its connection, and of another service nothing is
 * known.
 */
export type WholeService = "beeswax" | "other-service";

/** BeeswaxService (beeswax.thrift) and ImpalaService (ImpalaService.thrift) have these of the same name. */
const OF_BOTH: ReadonlySet<string> = new Set(["GetExecSummary", "GetRuntimeProfile"]);

/** TCLIService (Hive) and ImpalaHiveServer2Service. */
const OF_SESSIONS: ReadonlySet<string> = new Set([
  OPEN_SESSION,
  CLOSE_SESSION,
  ...NAMES_OPERATION,
  ...CLOSE_OPERATIONS,
  "GetInfo",
  "SetClientInfo",
  "ExecuteStatement",
  "ExecutePlannedStatement",
  "GetTypeInfo",
  "GetCatalogs",
  "GetSchemas",
  "GetTables",
  "GetTableTypes",
  "GetColumns",
  "GetFunctions",
  "GetPrimaryKeys",
  "GetCrossReference",
  "GetDelegationToken",
  "CancelDelegationToken",
  "RenewDelegationToken",
  "UploadData",
  "DownloadData",
  "PingImpalaHS2Service",
  "InitQueryContext",
  "GetBackendConfig",
  "GetExecutorMembership",
]);

/** BeeswaxService and ImpalaService, but for what other services have too. */
const OF_BEESWAX: ReadonlySet<string> = new Set([
  ...OF_BOTH,
  "query",
  "executeAndWait",
  "explain",
  "fetch",
  "get_state",
  "get_results_metadata",
  "echo",
  "dump_config",
  "get_log",
  "get_default_configuration",
  "close",
  "clean",
  "Cancel",
  "ResetCatalog",
  "ResetTable",
  "CloseInsert",
  "PingImpalaService",
]);

/**
 * Which service a connection speaks, by its first call. A handle of HiveServer2 tells of it even where the method is
 * not known.
 * @param enough no more of the call will be read before its service has to be known
 * @returns undefined while more of the call is needed
 */
export function serviceOf(call: MessageFacts, enough: boolean): "sessions" | WholeService | undefined {
  if (!call.named) return undefined;
  if (OF_SESSIONS.has(call.method) && !OF_BOTH.has(call.method)) return "sessions";
  if (call.handles.length > 0) return "sessions";
  if (OF_BEESWAX.has(call.method) && !OF_BOTH.has(call.method)) return "beeswax";
  if (!enough) return undefined;
  return OF_BEESWAX.has(call.method) ? "beeswax" : "other-service";
}
