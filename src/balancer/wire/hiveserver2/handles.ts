import { encodeBinary, encodeCall, encodeField, encodeInt32, encodeStruct } from "../thrift/encode.ts";
import { BOOL, I32, STRING } from "../thrift/types.ts";
import * as tcli from "./tcli-service.ts";

/** What stands between a guid and its secret: a writer of Thrift writes fields in their order. */
const SECRET_HEADER = Buffer.concat([
  encodeField(STRING, tcli.HANDLE_SECRET),
  encodeInt32(tcli.HANDLE_BYTES),
]);

/** The field of a handle that holds its THandleIdentifier. */
export function encodeIdentifier(guid: Buffer, secret: Buffer): Buffer[] {
  return encodeStruct(tcli.HANDLE_ID, [
    encodeField(STRING, tcli.HANDLE_GUID),
    encodeBinary(guid),
    encodeField(STRING, tcli.HANDLE_SECRET),
    encodeBinary(secret),
  ]);
}

/**
 * A small call that names the handle and changes nothing: its answer tells whether a backend knows it.
 * @param call the client's call, or as much of it as is there
 * @param guid of the handle, as a latin1 string
 * @returns undefined when the call does not hold the handle's secret
 */
export function questionAbout(call: Buffer, guid: string, kind: "session" | "operation"): Buffer | undefined {
  const at = call.indexOf(guid, 0, "latin1");
  if (at < 0) return undefined;
  const header = at + tcli.HANDLE_BYTES;
  const from = header + SECRET_HEADER.length;
  const secret = call.subarray(from, from + tcli.HANDLE_BYTES);
  const follows = call.subarray(header, from).equals(SECRET_HEADER);
  if (!follows || secret.length < tcli.HANDLE_BYTES) return undefined;
  const handle = encodeIdentifier(Buffer.from(guid, "latin1"), secret);
  return kind === "session" ? askForInfo(handle) : askForStatus(handle);
}

/** GetInfo(session, CLI_DBMS_NAME). */
function askForInfo(handle: readonly Buffer[]): Buffer {
  const infoType = [encodeField(I32, tcli.INFO_TYPE), encodeInt32(tcli.DBMS_NAME)];
  const request = [...encodeStruct(tcli.SESSION_HANDLE, handle), ...infoType];
  return encodeCall("GetInfo", 0, tcli.REQUEST, request);
}

/** GetOperationStatus(operation): its type (EXECUTE_STATEMENT) and whether it has results are not looked at. */
function askForStatus(handle: readonly Buffer[]): Buffer {
  const type = [encodeField(I32, tcli.OPERATION_TYPE), encodeInt32(0)];
  const hasResults = [encodeField(BOOL, tcli.HAS_RESULT_SET), Buffer.from([1])];
  const request = encodeStruct(tcli.OPERATION_HANDLE, [...handle, ...type, ...hasResults]);
  return encodeCall("GetOperationStatus", 0, tcli.REQUEST, request);
}
