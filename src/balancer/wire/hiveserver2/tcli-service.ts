/** HiveServer2's interface in names and numbers (TCLIService.thrift of Hive, ImpalaService.thrift of Impala). */

/** TProtocolVersion: HIVE_CLI_SERVICE_PROTOCOL_V6, the one that Impala speaks. */
export const PROTOCOL_V6 = 5;

/** TStatusCode: the good ones are SUCCESS and SUCCESS_WITH_INFO. */
export const LAST_GOOD_STATUS = 1;
export const ERROR_STATUS = 3;
export const INVALID_HANDLE_STATUS = 4;

/** Fields of every call's arguments, result and response. */
export const REQUEST = 1;
export const SUCCESS = 0;
export const RESPONSE_STATUS = 1;

/** Fields of TStatus. */
export const STATUS_CODE = 1;
export const INFO_MESSAGES = 2;
export const ERROR_MESSAGE = 5;

/** Fields of THandleIdentifier, and the bytes of each. */
export const HANDLE_GUID = 1;
export const HANDLE_SECRET = 2;
export const HANDLE_BYTES = 16;

/** The identifier in TSessionHandle and TOperationHandle. */
export const HANDLE_ID = 1;

/** The other fields of TOperationHandle. */
export const OPERATION_TYPE = 2;
export const HAS_RESULT_SET = 3;

/** Fields of TOpenSessionReq and TOpenSessionResp. */
export const CLIENT_PROTOCOL = 1;
export const USERNAME = 2;
export const OPENED_SESSION = 3;
export const OPENED_CONFIGURATION = 4;

/**
 * A query option of Impala since 3.4, which tells all of them in OpenSession's reply: sessions outlive their connection
 * since 3.3.
 */
export const KEEPS_SESSIONS = Buffer.from("MAX_STATEMENT_LENGTH_BYTES");

/** The handle in every request that names a session, or an operation. */
export const SESSION_HANDLE = 1;
export const OPERATION_HANDLE = 1;

/** TGetInfoReq, and CLI_DBMS_NAME of TGetInfoType. */
export const INFO_TYPE = 2;
export const DBMS_NAME = 17;

export const OPEN_SESSION = "OpenSession";
export const CLOSE_SESSION = "CloseSession";
export const CLOSE_OPERATIONS: ReadonlySet<string> = new Set(["CloseOperation", "CloseImpalaOperation"]);

/** Calls whose first handle is an operation's (Hive's, and Impala's additions); a session's may follow. */
export const NAMES_OPERATION: ReadonlySet<string> = new Set([
  ...CLOSE_OPERATIONS,
  "GetOperationStatus",
  "CancelOperation",
  "GetResultSetMetadata",
  "FetchResults",
  "GetLog",
  "GetExecSummary",
  "GetRuntimeProfile",
  "GetQueryId",
]);
